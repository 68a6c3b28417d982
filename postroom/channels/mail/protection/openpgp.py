"""Check and decrypt OpenPGP, with Sequoia."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import datetime

from pysequoia import Cert, Sig, Tsk, decrypt, verify
from pysequoia.packet import PacketPile, Tag

from postroom.channels.mail.addresses import first_address
from postroom.channels.mail.protection.questions import OwnKey
from postroom.channels.mail.protection.session import CannotUnpack, unpacked
from postroom.channels.mail.protection.verdict import (
    BROKEN,
    EXPIRED,
    NO_KEY,
    OPENPGP,
    OTHER_ADDRESS,
    REVOKED,
    UNCHECKED,
    UNKNOWN_SIGNER,
    VALID,
    Verdict,
)
from postroom.lib.text import one_line

_KEYS = (Tag.PublicKey, Tag.PublicSubkey, Tag.SecretKey, Tag.SecretSubkey)  # they have no hash

# A signature that does not fit is an OSError where the content is longer than Sequoia's buffer.
_REFUSALS = (RuntimeError, ValueError, OSError)


@contextmanager
def _panics_refused() -> Iterator[None]:
    """A mail that is cut off makes pysequoia panic, which Python sees as something else than an error."""
    try:
        yield
    except BaseException as panic:
        if type(panic).__name__ != "PanicException":
            raise
        raise ValueError("damaged") from None


class CannotDecrypt(Exception):
    """None of the keys opens it, or it is damaged: `why` is a code of the verdict."""

    def __init__(self, why: str) -> None:
        super().__init__(why)
        self.why = why


@dataclass(frozen=True, slots=True)
class Known:
    """A certificate that could have signed, since when the mailbox knows it, and whether it replaced another."""

    certificate: Cert
    since: str
    changed: bool = False


@dataclass(frozen=True, slots=True)
class Sender:
    """Whose signature it should be: the addresses of From, and when the mail was written."""

    addresses: frozenset[str]
    at: datetime


def read_certificates(data: bytes) -> list[Cert]:
    """Return the OpenPGP certificates in these bytes, armored or not; none when they are something else."""
    try:
        with _panics_refused():
            return Cert.split_bytes(data)
    except _REFUSALS:
        return []


def has_private_key(data: bytes) -> bool:
    """Tell whether these bytes begin with a private OpenPGP key."""
    try:
        # Read as a key first: what is no key, such as a compressed packet, is refused before it is unpacked.
        packets = PacketPile.from_bytes(bytes(Tsk.from_bytes(data)))
    except _REFUSALS:
        return False
    return next((packet.tag == Tag.SecretKey for packet in packets), False)


def addresses_in(certificate: Cert) -> tuple[str, ...]:
    """Return the mail addresses of a certificate's user ids."""
    found = (first_address(str(user)).email.lower() for user in certificate.user_ids)
    return tuple(dict.fromkeys(address for address in found if address))


def name_in(certificate: Cert) -> str:
    """Return the first user id's name."""
    users = [first_address(str(user)) for user in certificate.user_ids]
    return one_line(next((user.name for user in users if user.name), ""), length=200)


def check_detached(signature: bytes, contents: Sequence[bytes], *, known: Sequence[Known], sender: Sender) -> Verdict:
    """Return the verdict on a signature over the first of these contents that fits."""
    try:
        with _panics_refused():
            sig = Sig.from_bytes(signature)
    except _REFUSALS:
        return Verdict(kind=OPENPGP, signature=BROKEN)
    seen: list[str] = []
    for content in contents:
        try:
            with _panics_refused():
                good = verify(bytes=content, store=_store(known, seen), signature=sig).valid_sigs
        except _REFUSALS:
            continue
        return _good(good[0].certificate, known, sender)
    return _bad(seen, known)


def check_clear_signed(block: bytes, *, known: Sequence[Known], sender: Sender) -> tuple[Verdict, bytes]:
    """Return the verdict on a clear-signed text (RFC 9580 section 7), and the text that it covers, b"" if broken."""
    seen: list[str] = []
    try:
        with _panics_refused():
            found = verify(bytes=block, store=_store(known, seen))
    except _REFUSALS:
        return _bad(seen, known), b""
    return _good(found.valid_sigs[0].certificate, known, sender), found.bytes or b""


def open_message(
    data: bytes, *, own: Sequence[OwnKey], known: Sequence[Known], sender: Sender, most: int
) -> tuple[bytes, Verdict]:
    """Return what was encrypted and the verdict on the signature inside; CannotDecrypt when it stays closed."""
    for key in own:
        try:
            decryptor = Tsk.from_bytes(key.armored.encode()).decryptor(key.passphrase or None)
            with _panics_refused():
                content = decrypt(data, decryptor).bytes
        except _REFUSALS:
            continue
        verdict = _inside(data, key, known, sender)
        if verdict.signature == UNCHECKED:
            verdict = _packed(data, content or b"", key, known=known, sender=sender, most=most) or verdict
        return content or b"", verdict
    raise CannotDecrypt(NO_KEY)


def _inside(data: bytes, key: OwnKey, known: Sequence[Known], sender: Sender) -> Verdict:
    """Judge the signature that was encrypted with the text, if there is one."""
    seen: list[str] = []
    decryptor = Tsk.from_bytes(key.armored.encode()).decryptor(key.passphrase or None)
    try:
        with _panics_refused():
            good = decrypt(data, decryptor, _store(known, seen)).valid_sigs
    except _REFUSALS as refused:
        if not seen:
            return Verdict(kind=OPENPGP)
        bad = _bad(seen, known)
        # gpg compresses between encrypting and signing, and pysequoia 0.1 refuses that order.
        packed = str(refused).startswith("Unexpected message structure")
        return replace(bad, signature=UNCHECKED) if packed and bad.signature in (BROKEN, EXPIRED) else bad
    return _good(good[0].certificate, known, sender) if good else Verdict(kind=OPENPGP)


def _packed(
    data: bytes, content: bytes, key: OwnKey, *, known: Sequence[Known], sender: Sender, most: int
) -> Verdict | None:
    """Judge a signature that was compressed with its text, None when it is packed in a way of its own."""
    seen: list[str] = []
    try:
        signed = unpacked(data, key, most=most)
        with _panics_refused():
            found = verify(bytes=signed, store=_store(known, seen))
    except CannotUnpack:
        return None
    except _REFUSALS:
        return _bad(seen, known) if seen else None
    # What is shown is what Sequoia has decrypted: the signature has to be over just that.
    if found.bytes != content or not found.valid_sigs:
        return None
    return _good(found.valid_sigs[0].certificate, known, sender)


class _store:  # noqa: N801  (a function with a memory)
    """Hands all certificates over, and remembers which keys the signature asks for."""

    def __init__(self, known: Sequence[Known], seen: list[str]) -> None:
        self._known, self._seen = known, seen

    def __call__(self, key_ids: list[str]) -> list[Cert]:
        self._seen += [key_id.lower() for key_id in key_ids]
        return [one.certificate for one in self._known]


def _good(fingerprint: str, known: Sequence[Known], sender: Sender) -> Verdict:
    one = next(one for one in known if one.certificate.fingerprint == fingerprint)
    own = addresses_in(one.certificate)
    matching = next((address for address in own if address in sender.addresses), "")
    signature = VALID if matching else OTHER_ADDRESS
    # Sequoia asks whether the key was good when the signature says that it was made, which the signer writes.
    if one.certificate.expiration is not None and one.certificate.expiration < sender.at:
        signature = EXPIRED
    return _named(one, signature, address=matching or next(iter(own), ""))


def _bad(seen: list[str], known: Sequence[Known]) -> Verdict:
    """Say why nothing fits: the key is missing, is no longer good, or the text was changed."""
    signer = next((one for one in known if _ids(one.certificate).intersection(seen)), None)
    if signer is None:
        return Verdict(kind=OPENPGP, signature=UNKNOWN_SIGNER, fingerprint=next(iter(seen), "")[:64])
    certificate = signer.certificate
    address = next(iter(addresses_in(certificate)), "")
    if certificate.is_revoked:
        return _named(signer, REVOKED, address=address)
    if certificate.expiration is not None and certificate.expiration < datetime.now(certificate.expiration.tzinfo):
        return _named(signer, EXPIRED, address=address)
    return _named(signer, BROKEN, address=address)


def _named(one: Known, signature: str, *, address: str) -> Verdict:
    return Verdict(
        kind=OPENPGP,
        signature=signature,
        name=name_in(one.certificate),
        address=address,
        fingerprint=one.certificate.fingerprint,
        since=one.since,
        changed=one.changed,
    )


def _ids(certificate: Cert) -> set[str]:
    """Return the fingerprints and key ids of a certificate and its subkeys."""
    found: set[str] = set()
    for packet in PacketPile.from_bytes(bytes(certificate)):
        if packet.tag in _KEYS:
            found.update(one.lower() for one in (packet.fingerprint, packet.key_id) if one)
    return found
