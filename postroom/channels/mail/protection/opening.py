"""Open a mail's wrappings: check its signatures, decrypt it where the mailbox holds a key."""

from dataclasses import dataclass, replace
from datetime import datetime

from postroom.channels.mail.parse import parse
from postroom.channels.mail.parsed import Parsed
from postroom.channels.mail.protection import inline, keys, openpgp, smime_opened, smime_signed
from postroom.channels.mail.protection.compressed import is_compressed, uncompressed
from postroom.channels.mail.protection.entities import (
    PGP_DETACHED,
    PGP_ENCRYPTED,
    SMIME_DETACHED,
    Protected,
    entity,
    find_protected,
    put_in_place,
)
from postroom.channels.mail.protection.verdict import (
    BROKEN,
    DAMAGED,
    NO_KEY,
    OPENED,
    OPENPGP,
    ORDINARY,
    SMIME,
    Verdict,
)
from postroom.core.accounts.models import Mailbox
from postroom.lib import clock

_TYPES = frozenset(
    {
        "multipart/signed", "multipart/encrypted", "application/pkcs7-mime", "application/x-pkcs7-mime",
        "application/pkcs7-signature", "application/x-pkcs7-signature", "application/pgp-signature",
        "application/pgp-encrypted", "application/pgp-keys",
    }
)  # fmt: skip
_MAX_LAYERS = 5


@dataclass(frozen=True, slots=True)
class Opened:
    """The mail as it is to be read, and the verdict on its wrappings; ordinary mail is what it was."""

    parsed: Parsed
    verdict: Verdict = ORDINARY


def open_mail(raw: bytes, parsed: Parsed, *, mailbox: Mailbox) -> Opened:
    """Return the mail without its signatures and encryption, and what they came to.

    Costs ordinary mail a look at its types. What cannot be opened stays as it is, and the verdict says why.
    """
    if parsed.header("autocrypt"):
        keys.learn_keys(parsed, mailbox)
    if not _may_be_protected(parsed):
        return Opened(parsed)
    keys.learn_keys(parsed, mailbox)
    return _Opening(parsed, mailbox).opened(raw)


def _may_be_protected(parsed: Parsed) -> bool:
    return (
        parsed.content_type in _TYPES
        or "-----BEGIN PGP " in parsed.text
        or any(file.content_type in _TYPES or file.name.lower().endswith(".p7m") for file in parsed.attachments)
    )


class _Opening:
    """One mail on its way through its wrappings."""

    def __init__(self, parsed: Parsed, mailbox: Mailbox) -> None:
        self._parsed = parsed
        self._mailbox = mailbox
        addresses = {parsed.from_.email.lower(), parsed.sender.email.lower()} - {""}
        self._addresses = frozenset({parsed.from_.email.lower()} - {""}) or frozenset(addresses)

    def opened(self, raw: bytes) -> Opened:
        """Take off one layer after the other: a signed mail may be encrypted, and signed again."""
        verdict, current = ORDINARY, raw
        for _ in range(_MAX_LAYERS):
            found = find_protected(current)
            if found is None:
                break
            layer, inner = self._layer(found)
            verdict = verdict.over(replace(layer, partly=not found.whole))
            if inner is None:
                break
            current = put_in_place(current, found, inner)
        parsed = self._parsed if current is raw else _same_mail(parse(current), self._parsed)
        if current is not raw:
            keys.learn_keys(parsed, self._mailbox)
        if "-----BEGIN PGP " in parsed.text:
            parsed, layer = inline.read_inline(
                parsed, current, mailbox=self._mailbox, known=self._known(), sender=self._sender()
            )
            verdict = verdict.over(layer)
        return Opened(parsed, verdict)

    def _layer(self, found: Protected) -> tuple[Verdict, bytes | None]:
        """Return the verdict on one wrapping and what was inside it, None when it stays closed."""
        if found.kind == SMIME_DETACHED:
            return self._smime_detached(found), found.parts[0]
        if found.kind == PGP_DETACHED:
            signature = entity(found.parts[1]).data
            checked = openpgp.check_detached(
                signature, _forms(found.parts[0]), known=self._known(), sender=self._sender()
            )
            return checked, found.parts[0]
        if found.kind == PGP_ENCRYPTED:
            return self._decrypted(found)
        try:
            return self._opaque(found.node.data)
        except (ValueError, TypeError, KeyError):
            return Verdict(kind=SMIME, encrypted=DAMAGED), None

    def _smime_detached(self, found: Protected) -> Verdict:
        try:
            der = entity(found.parts[1]).data
            return smime_signed.check_signature(der, _forms(found.parts[0]), signers=self._signers())
        except (ValueError, TypeError, KeyError):
            return Verdict(kind=SMIME, signature=BROKEN)

    def _opaque(self, der: bytes) -> tuple[Verdict, bytes | None]:
        if is_compressed(der):
            return Verdict(kind=SMIME), uncompressed(der)
        if not smime_opened.is_enveloped(der):
            content = smime_signed.signed_content(der)
            if content is None:
                return Verdict(), None  # certificates alone; the file stays
            checked = smime_signed.check_signature(der, [content], signers=self._signers())
            return checked, _as_entity(content)
        try:
            content = smime_opened.open_envelope(der, own=keys.own_certificates(self._mailbox))
        except smime_opened.CannotOpen as closed:
            return Verdict(kind=SMIME, encrypted=closed.why), None
        return Verdict(kind=SMIME, encrypted=OPENED), _as_entity(content)

    def _decrypted(self, found: Protected) -> tuple[Verdict, bytes | None]:
        # The control part says "Version: 1"; the other one is the message, wherever Exchange has put it.
        data = next((node.data for node in map(entity, found.parts) if _is_pgp_message(node.data)), None)
        if data is None:
            return Verdict(kind=OPENPGP, encrypted=DAMAGED), None
        try:
            content, checked = openpgp.open_message(
                data, own=keys.own_openpgp_keys(self._mailbox), known=self._known(), sender=self._sender()
            )
        except openpgp.CannotDecrypt:
            return Verdict(kind=OPENPGP, encrypted=NO_KEY), None
        return replace(checked, encrypted=OPENED), _as_entity(content)

    def _known(self) -> list[openpgp.Known]:
        return keys.known_certificates(self._mailbox, self._addresses)

    def _sender(self) -> openpgp.Sender:
        return openpgp.Sender(addresses=self._addresses, at=_written_at(self._parsed))

    def _signers(self) -> smime_signed.Signers:
        return smime_signed.Signers(
            addresses=self._addresses, trusted=keys.trusted_certificates(self._mailbox), at=_written_at(self._parsed)
        )


def _written_at(parsed: Parsed) -> datetime:
    """A certificate has to be good when the mail was written, not when it is read again years later."""
    now = clock.now()
    return min(parsed.date or now, now)


def _forms(part: bytes) -> list[bytes]:
    """Return the part as it came and with the line ends that are signed (RFC 8551 section 3.1.1)."""
    canonical = part.replace(b"\r\n", b"\n").replace(b"\n", b"\r\n")
    return [canonical] if canonical == part else [canonical, part]


def _as_entity(content: bytes) -> bytes:
    """Return decrypted bytes as a MIME part; a program that encrypts bare text has written no headers."""
    headers = entity(content).headers
    if any(name.lower().startswith(("content-", "mime-version")) for name, _ in headers):
        return content
    return b"Content-Type: text/plain; charset=utf-8\r\n\r\n" + content


def _is_pgp_message(data: bytes) -> bool:
    # A binary OpenPGP packet begins with its highest bit set.
    return b"-----BEGIN PGP MESSAGE-----" in data[:2000] or data[:1] >= b"\x80"


def _same_mail(opened: Parsed, outer: Parsed) -> Parsed:
    """Who wrote to whom, when and in which thread stays what the envelope said."""
    return replace(
        opened, message_id=outer.message_id, in_reply_to=outer.in_reply_to, references=outer.references,
        date=outer.date, from_=outer.from_, sender=outer.sender, reply_to=outer.reply_to, to=outer.to, cc=outer.cc,
    )  # fmt: skip
