"""Decrypt S/MIME mail: CMS EnvelopedData and AuthEnvelopedData (RFC 5652 section 6, RFC 5083)."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from asn1crypto import cms, core
from cryptography import x509
from cryptography.hazmat.decrepit.ciphers.algorithms import TripleDES
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec, padding, rsa
from cryptography.hazmat.primitives.ciphers import Cipher, modes
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.ciphers.algorithms import AES
from cryptography.hazmat.primitives.kdf.x963kdf import X963KDF
from cryptography.hazmat.primitives.keywrap import InvalidUnwrap, aes_key_unwrap
from cryptography.hazmat.primitives.padding import PKCS7

from postroom.channels.mail.protection.verdict import DAMAGED, NO_KEY

PrivateKey = rsa.RSAPrivateKey | ec.EllipticCurvePrivateKey
_HASHES: dict[str, Callable[[], hashes.HashAlgorithm]] = {
    "sha1": hashes.SHA1, "sha224": hashes.SHA224, "sha256": hashes.SHA256, "sha384": hashes.SHA384,
    "sha512": hashes.SHA512,
}  # fmt: skip
# dhSinglePass-stdDH-<hash>kdf-scheme, RFC 5753 section 7.1.4.
_AGREEMENTS: dict[str, Callable[[], hashes.HashAlgorithm]] = {
    "1.3.133.16.840.63.0.2": hashes.SHA1, "1.3.132.1.11.0": hashes.SHA224, "1.3.132.1.11.1": hashes.SHA256,
    "1.3.132.1.11.2": hashes.SHA384, "1.3.132.1.11.3": hashes.SHA512,
}  # fmt: skip
_WRAPS = {"2.16.840.1.101.3.4.1.5": 16, "2.16.840.1.101.3.4.1.25": 24, "2.16.840.1.101.3.4.1.45": 32}
_GCM = frozenset({"2.16.840.1.101.3.4.1.6", "2.16.840.1.101.3.4.1.26", "2.16.840.1.101.3.4.1.46"})


class CannotOpen(Exception):
    """The content stays closed; `why` is a code of the verdict."""

    def __init__(self, why: str) -> None:
        super().__init__(why)
        self.why = why


@dataclass(frozen=True, slots=True)
class OwnCertificate:
    """A certificate with its private key."""

    certificate: x509.Certificate
    key: PrivateKey


class _GCMParameters(core.Sequence):  # type: ignore[misc]
    _fields = [("nonce", core.OctetString), ("length", core.Integer, {"default": 12})]


def is_enveloped(der: bytes) -> bool:
    """Tell whether the bytes are encrypted, with or without a seal against changes."""
    return cms.ContentInfo.load(der)["content_type"].native in ("enveloped_data", "authenticated_enveloped_data")


def open_envelope(der: bytes, *, own: Sequence[OwnCertificate]) -> bytes:
    """Return the content, decrypted with the first key that fits; CannotOpen when none does."""
    info = cms.ContentInfo.load(der)
    sealed = info["content_type"].native != "enveloped_data"
    data = info["content"]
    recipients = list(data["recipient_infos"])[:200]
    for mine in own:
        for recipient in recipients:
            key = _content_key(recipient, mine)
            if key is not None:
                return _content(data, key, sealed=sealed)
    raise CannotOpen(NO_KEY)


def _content_key(recipient: Any, mine: OwnCertificate) -> bytes | None:
    try:
        if recipient.name == "ktri" and isinstance(mine.key, rsa.RSAPrivateKey):
            return _transported(recipient.chosen, mine.certificate, mine.key)
        if recipient.name == "kari" and isinstance(mine.key, ec.EllipticCurvePrivateKey):
            return _agreed(recipient.chosen, mine.certificate, mine.key)
    except (ValueError, InvalidUnwrap, KeyError):
        return None
    return None


def _is_for(rid: Any, certificate: x509.Certificate) -> bool:
    if rid.name == "issuer_and_serial_number":
        same_number = rid.chosen["serial_number"].native == certificate.serial_number
        return bool(same_number and rid.chosen["issuer"].dump() == certificate.issuer.public_bytes())
    stated = rid.chosen.native if rid.name == "subject_key_identifier" else rid.chosen["subject_key_identifier"].native
    try:
        own = certificate.extensions.get_extension_for_class(x509.SubjectKeyIdentifier).value.digest
    except x509.ExtensionNotFound:
        own = x509.SubjectKeyIdentifier.from_public_key(certificate.public_key()).digest
    return bool(stated == own)


def _transported(recipient: Any, certificate: x509.Certificate, key: rsa.RSAPrivateKey) -> bytes | None:
    if not _is_for(recipient["rid"], certificate):
        return None
    algorithm = recipient["key_encryption_algorithm"]
    scheme: padding.AsymmetricPadding = padding.PKCS1v15()
    if algorithm["algorithm"].native == "rsaes_oaep":
        parameters = algorithm["parameters"]
        hashed = _HASHES[parameters["hash_algorithm"]["algorithm"].native]()
        mask = _HASHES[parameters["mask_gen_algorithm"]["parameters"]["algorithm"].native]()
        scheme = padding.OAEP(mgf=padding.MGF1(mask), algorithm=hashed, label=None)
    return bytes(key.decrypt(recipient["encrypted_key"].native, scheme))


def _agreed(recipient: Any, certificate: x509.Certificate, key: ec.EllipticCurvePrivateKey) -> bytes | None:
    keys = recipient["recipient_encrypted_keys"]
    wrapped = next((one["encrypted_key"].native for one in keys if _is_for(one["rid"], certificate)), None)
    originator = recipient["originator"]
    if wrapped is None or originator.name != "originator_key":
        return None
    algorithm = recipient["key_encryption_algorithm"]
    hashed = _AGREEMENTS[algorithm["algorithm"].dotted]()
    wrap = cms.KeyEncryptionAlgorithm.load(algorithm["parameters"].dump())
    length = _WRAPS[wrap["algorithm"].dotted]
    public = ec.EllipticCurvePublicKey.from_encoded_point(key.curve, originator.chosen["public_key"].native)
    shared = _shared_info(wrap, recipient["ukm"].native, length)
    kek = X963KDF(algorithm=hashed, length=length, sharedinfo=shared).derive(key.exchange(ec.ECDH(), public))
    return aes_key_unwrap(kek, wrapped)


def _shared_info(wrap: Any, ukm: bytes | None, length: int) -> bytes:
    """ECC-CMS-SharedInfo, RFC 5753 section 7.2: the wrap's algorithm, [0] the salt, [2] the key's bits."""
    inner = bytes(wrap.dump())
    if ukm is not None:
        inner += core.OctetString(ukm, explicit=0).dump()
    inner += core.OctetString((length * 8).to_bytes(4, "big"), explicit=2).dump()
    size = bytes([len(inner)]) if len(inner) < 128 else b"\x81" + bytes([len(inner)])
    return b"\x30" + size + bytes(inner)


def _content(data: Any, key: bytes, *, sealed: bool) -> bytes:
    info = data["auth_encrypted_content_info"] if sealed else data["encrypted_content_info"]
    algorithm = info["content_encryption_algorithm"]
    encrypted = info["encrypted_content"].native
    if encrypted is None:
        raise CannotOpen(DAMAGED)
    try:
        if sealed:
            return _unsealed(data, algorithm, key, encrypted)
        cipher, size = _cipher(algorithm, key)
        decryptor = cipher.decryptor()
        padded = decryptor.update(encrypted) + decryptor.finalize()
        unpadder = PKCS7(size).unpadder()
        return unpadder.update(padded) + unpadder.finalize()
    except ValueError:
        raise CannotOpen(DAMAGED) from None


def _unsealed(data: Any, algorithm: Any, key: bytes, encrypted: bytes) -> bytes:
    from cryptography.exceptions import InvalidTag

    if algorithm["algorithm"].dotted not in _GCM:
        raise CannotOpen(DAMAGED)
    parameters = _GCMParameters.load(algorithm["parameters"].dump())
    attributes = data["auth_attrs"]
    covered = b"\x31" + attributes.dump()[1:] if attributes.native else None
    try:
        return AESGCM(key).decrypt(parameters["nonce"].native, encrypted + data["mac"].native, covered)
    except InvalidTag:
        raise CannotOpen(DAMAGED) from None


def _cipher(algorithm: Any, key: bytes) -> tuple[Cipher[modes.CBC], int]:
    name, start = algorithm.encryption_cipher, algorithm.encryption_iv
    if name == "aes":
        return Cipher(AES(key), modes.CBC(start)), 128
    if name == "tripledes":
        return Cipher(TripleDES(key), modes.CBC(start)), 64
    raise CannotOpen(DAMAGED)


def load_key(pem: str) -> PrivateKey:
    """Return a private key that was stored as PEM without passphrase."""
    key = serialization.load_pem_private_key(pem.encode(), password=None)
    assert isinstance(key, rsa.RSAPrivateKey | ec.EllipticCurvePrivateKey)  # no other is taken in
    return key
