"""Take off a mail's wrappings one after the other, and judge each. Runs in the child process, without Django."""

from collections.abc import Sequence
from dataclasses import replace

from cryptography import x509

from postroom.channels.mail.protection import inline, openpgp, smime_opened, smime_signed
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
from postroom.channels.mail.protection.questions import Mail, OpenMail, OwnPem
from postroom.channels.mail.protection.verdict import (
    BROKEN,
    DAMAGED,
    NO_KEY,
    OPENED,
    OPENPGP,
    ORDINARY,
    SMIME,
    TooLarge,
    Verdict,
)

_MAX_LAYERS = 5


def opened(asked: OpenMail) -> Mail:
    """Return the mail without its wrappings; TooLarge when there is more inside than is allowed."""
    return _Opening(asked).opened()


class _Opening:
    """One mail on its way through its wrappings."""

    def __init__(self, asked: OpenMail) -> None:
        self._asked = asked
        self._sender = openpgp.Sender(addresses=asked.addresses, at=asked.at)

    def opened(self) -> Mail:
        """A signed mail may be encrypted, and signed again."""
        verdict, raw = ORDINARY, self._asked.raw
        for _ in range(_MAX_LAYERS):
            found = find_protected(raw)
            if found is None:
                break
            layer, inner = self._layer(found)
            verdict = verdict.over(replace(layer, partly=not found.whole))
            if inner is None:
                break
            self._weigh(inner)
            raw = put_in_place(raw, found, inner)
        block = inline.read_inline(
            raw, own=self._asked.keys.own_openpgp, known=self._known(), sender=self._sender, most=self._asked.most
        )
        return Mail(verdict=verdict, raw=None if raw is self._asked.raw else raw, inline=block)

    def _weigh(self, inner: bytes) -> None:
        if len(inner) > self._asked.most:
            raise TooLarge("what is inside is larger than a mail may be")

    def _layer(self, found: Protected) -> tuple[Verdict, bytes | None]:
        """Return the verdict on one wrapping and what was inside it, None when it stays closed."""
        if found.kind == SMIME_DETACHED:
            return self._smime_detached(found), found.parts[0]
        if found.kind == PGP_DETACHED:
            signature = entity(found.parts[1]).data
            checked = openpgp.check_detached(
                signature, _forms(found.parts[0]), known=self._known(), sender=self._sender
            )
            return checked, found.parts[0]
        if found.kind == PGP_ENCRYPTED:
            return self._decrypted(found)
        try:
            return self._opaque(found.node.data)
        except (ValueError, TypeError, KeyError, RecursionError):
            return Verdict(kind=SMIME, encrypted=DAMAGED), None

    def _smime_detached(self, found: Protected) -> Verdict:
        try:
            der = entity(found.parts[1]).data
            return smime_signed.check_signature(der, _forms(found.parts[0]), signers=self._signers())
        except (ValueError, TypeError, KeyError, RecursionError):
            return Verdict(kind=SMIME, signature=BROKEN)

    def _opaque(self, der: bytes) -> tuple[Verdict, bytes | None]:
        if is_compressed(der):
            return Verdict(kind=SMIME), uncompressed(der, most=self._asked.most)
        if not smime_opened.is_enveloped(der):
            content = smime_signed.signed_content(der)
            if content is None:
                return Verdict(), None  # certificates alone; the file stays
            checked = smime_signed.check_signature(der, [content], signers=self._signers())
            return checked, _as_entity(content)
        try:
            content = smime_opened.open_envelope(der, own=[_own(one) for one in self._asked.keys.own_smime])
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
                data,
                own=self._asked.keys.own_openpgp,
                known=self._known(),
                sender=self._sender,
                most=self._asked.most,
            )
        except openpgp.CannotDecrypt:
            return Verdict(kind=OPENPGP, encrypted=NO_KEY), None
        return replace(checked, encrypted=OPENED), _as_entity(content)

    def _known(self) -> list[openpgp.Known]:
        return [
            openpgp.Known(certificate=certificate, since=one.since, changed=one.changed)
            for one in self._asked.keys.known
            for certificate in openpgp.read_certificates(one.public.encode())
        ]

    def _signers(self) -> smime_signed.Signers:
        return smime_signed.Signers(
            addresses=self._asked.addresses, trusted=_certificates(self._asked.keys.trusted), at=self._asked.at
        )


def _own(one: OwnPem) -> smime_opened.OwnCertificate:
    certificate = x509.load_pem_x509_certificate(one.certificate.encode())
    return smime_opened.OwnCertificate(certificate=certificate, key=smime_opened.load_key(one.key))


def _certificates(pems: Sequence[str]) -> list[x509.Certificate]:
    return [x509.load_pem_x509_certificate(one.encode()) for one in pems]


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
