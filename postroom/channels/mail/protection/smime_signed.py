"""Check the signature of an S/MIME mail: CMS SignedData (RFC 5652 section 5)."""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from asn1crypto import cms
from cryptography import x509
from cryptography.exceptions import InvalidSignature, UnsupportedAlgorithm
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, ed448, ed25519, padding, rsa

from postroom.channels.mail.protection.authorities import distrust, fingerprint_of
from postroom.channels.mail.protection.certificates import addresses_of, authority_of, name_of
from postroom.channels.mail.protection.verdict import (
    BROKEN,
    EXPIRED,
    OTHER_ADDRESS,
    SMIME,
    VALID,
    WEAK,
    Verdict,
)

_HASHES: dict[str, hashes.HashAlgorithm] = {
    "sha224": hashes.SHA224(), "sha256": hashes.SHA256(), "sha384": hashes.SHA384(), "sha512": hashes.SHA512(),
    "sha1": hashes.SHA1(),  # nosec B303  # noqa: S303  (old Outlooks; judged as weak, not as valid)
}  # fmt: skip
_WEAK = frozenset({"md5", "md2", "sha1"})
_MAX_CERTIFICATES = 50


@dataclass(frozen=True, slots=True)
class Signers:
    """Whom a signature is checked for: the addresses of From, what the owner trusts, and when it was written."""

    addresses: frozenset[str]
    trusted: Sequence[x509.Certificate]
    at: datetime


def signed_content(der: bytes) -> bytes | None:
    """Return what an opaque signature holds, None when there is nothing in it."""
    content = _signed_data(der)["encap_content_info"]["content"]
    return bytes(content.native) if content.native is not None else None


def check_signature(der: bytes, contents: Sequence[bytes], *, signers: Signers) -> Verdict:
    """Return the verdict on a SignedData over the first of these contents that fits it.

    ValueError when the bytes are no SignedData. A mail with several signatures is as good as its best one.
    """
    data = _signed_data(der)
    certificates = _certificates(data)
    verdicts = [_check(signer, contents, certificates, signers) for signer in list(data["signer_infos"])[:5]]
    good = next((one for one in verdicts if one.signature == VALID), None)
    return good or next(iter(verdicts), Verdict(kind=SMIME, signature=BROKEN))


def _signed_data(der: bytes) -> Any:
    info = cms.ContentInfo.load(der)
    if info["content_type"].native != "signed_data":
        raise ValueError("not signed data")
    return info["content"]


def _certificates(data: Any) -> list[tuple[Any, x509.Certificate]]:
    """Return each certificate twice: as the one library parses it and as the other does."""
    if data["certificates"].native is None:
        return []
    chosen = [
        choice.chosen for choice in list(data["certificates"])[:_MAX_CERTIFICATES] if choice.name == "certificate"
    ]
    return [(one, x509.load_der_x509_certificate(one.dump())) for one in chosen]


def _check(
    signer: Any, contents: Sequence[bytes], certificates: list[tuple[Any, x509.Certificate]], signers: Signers
) -> Verdict:
    certificate = _certificate_of(signer, certificates)
    if certificate is None:
        return Verdict(kind=SMIME, signature=BROKEN)
    digest = signer["digest_algorithm"]["algorithm"].native
    verdict = Verdict(
        kind=SMIME,
        name=name_of(certificate),
        address=_address(certificate, signers),
        fingerprint=fingerprint_of(certificate),
        authority=authority_of(certificate),
        signature=BROKEN,
    )
    if not any(_fits(signer, content, digest, certificate) for content in contents):
        return verdict
    others = [other for _, other in certificates]
    return replace(verdict, signature=WEAK if digest in _WEAK else _standing(certificate, others, signers))


def _standing(certificate: x509.Certificate, others: list[x509.Certificate], signers: Signers) -> str:
    """Return what is to be said of a signature that fits."""
    if signers.at > certificate.not_valid_after_utc:
        return EXPIRED
    # A sender's clock may be slow: a mail cannot be older than the key that signed it.
    at = max(signers.at, certificate.not_valid_before_utc)
    doubt = distrust(certificate, others=others, trusted=signers.trusted, at=at)
    if doubt:
        return doubt
    return VALID if signers.addresses.intersection(addresses_of(certificate)) else OTHER_ADDRESS


def _address(certificate: x509.Certificate, signers: Signers) -> str:
    own = addresses_of(certificate)
    return next((one for one in own if one in signers.addresses), next(iter(own), ""))


def _certificate_of(signer: Any, certificates: list[tuple[Any, x509.Certificate]]) -> x509.Certificate | None:
    sid = signer["sid"]
    for parsed, certificate in certificates:
        if sid.name == "issuer_and_serial_number":
            wanted = sid.chosen
            if parsed.serial_number == wanted["serial_number"].native and parsed.issuer == wanted["issuer"]:
                return certificate
        elif parsed.key_identifier == sid.chosen.native:
            return certificate
    return None


def _fits(signer: Any, content: bytes, digest: str, certificate: x509.Certificate) -> bool:
    signed = content
    attributes = signer["signed_attrs"]
    if attributes.native:
        stated = next((one["values"][0].native for one in attributes if one["type"].native == "message_digest"), None)
        if stated != hashlib.new(digest, content, usedforsecurity=False).digest():
            return False
        # RFC 5652 section 5.4: the attributes are signed as a SET, not with the tag that they carry.
        signed = b"\x31" + attributes.dump()[1:]
    try:
        return _verify(signer, signed, digest, certificate)
    except (InvalidSignature, UnsupportedAlgorithm, ValueError, TypeError, KeyError):
        return False


def _verify(signer: Any, signed: bytes, digest: str, certificate: x509.Certificate) -> bool:
    key, signature = certificate.public_key(), signer["signature"].native
    algorithm = signer["signature_algorithm"]
    hashed = _HASHES[digest]
    if isinstance(key, rsa.RSAPublicKey):
        if algorithm.signature_algo == "rsassa_pss":
            stated = algorithm["parameters"]["hash_algorithm"]["algorithm"].native
            hashed = _HASHES[stated]
            scheme: padding.AsymmetricPadding = padding.PSS(padding.MGF1(hashed), padding.PSS.AUTO)
        else:
            scheme = padding.PKCS1v15()
        key.verify(signature, signed, scheme, hashed)
    elif isinstance(key, ec.EllipticCurvePublicKey):
        key.verify(signature, signed, ec.ECDSA(hashed))
    elif isinstance(key, ed25519.Ed25519PublicKey | ed448.Ed448PublicKey):
        key.verify(signature, signed)
    else:
        return False
    return True
