"""OpenPGP inside the text itself, as it was written before there was MIME."""

from collections.abc import Sequence
from dataclasses import replace

from postroom.channels.mail.charsets import decode
from postroom.channels.mail.parsed import Parsed
from postroom.channels.mail.protection import keys, openpgp
from postroom.channels.mail.protection.verdict import NO_KEY, OPENED, OPENPGP, ORDINARY, Verdict
from postroom.channels.mail.tree import Node, split
from postroom.core.accounts.models import Mailbox
from postroom.lib.text import storable

_SIGNED = b"-----BEGIN PGP SIGNED MESSAGE-----"
_SIGNED_END = b"-----END PGP SIGNATURE-----"
_ENCRYPTED = b"-----BEGIN PGP MESSAGE-----"
_ENCRYPTED_END = b"-----END PGP MESSAGE-----"


def read_inline(
    parsed: Parsed, raw: bytes, *, mailbox: Mailbox, known: Sequence[openpgp.Known], sender: openpgp.Sender
) -> tuple[Parsed, Verdict]:
    """Return the mail with the text of its first OpenPGP block readable, and the verdict on that block.

    A text whose signature does not fit stays as it came.
    """
    node = next((one for one in split(raw).walk() if _holds_block(one)), None)
    if node is None or (parsed.html and "-----BEGIN PGP " not in parsed.html):
        return parsed, ORDINARY
    data = node.data
    if _SIGNED in data:
        block, before, after = _cut(data, _SIGNED, _SIGNED_END)
        verdict, content = openpgp.check_clear_signed(block, known=known, sender=sender)
    else:
        block, before, after = _cut(data, _ENCRYPTED, _ENCRYPTED_END)
        try:
            own = keys.own_openpgp_keys(mailbox)
            content, verdict = openpgp.open_message(block, own=own, known=known, sender=sender)
        except openpgp.CannotDecrypt:
            return parsed, Verdict(kind=OPENPGP, encrypted=NO_KEY)
        verdict = replace(verdict, encrypted=OPENED)
    verdict = replace(verdict, partly=bool(before.strip() or after.strip()))
    if not content or (not verdict.encrypted and not verdict.signature):
        return parsed, verdict
    return _with_text(parsed, node, block=block, content=content), verdict


def _holds_block(node: Node) -> bool:
    if node.children or node.content_type != "text/plain":
        return False
    data = node.data
    return (_SIGNED in data and _SIGNED_END in data) or (_ENCRYPTED in data and _ENCRYPTED_END in data)


def _cut(data: bytes, start: bytes, end: bytes) -> tuple[bytes, bytes, bytes]:
    at = data.find(start)
    until = data.find(end, at)
    until = len(data) if until < 0 else until + len(end)
    return data[at:until] + b"\n", data[:at], data[until:]


def _with_text(parsed: Parsed, node: Node, *, block: bytes, content: bytes) -> Parsed:
    """Put what was signed or encrypted in the place of its block; exactly the checked bytes are shown."""
    charset = node.parameters.get("charset")
    armored = _text(block, charset).rstrip("\n")
    at = parsed.text.find(armored)
    if at < 0:
        return parsed
    words = _text(content, charset if _SIGNED in block else "utf-8").rstrip("\n")
    text = storable(parsed.text[:at] + words + parsed.text[at + len(armored) :])
    return replace(parsed, text=text, html="")


def _text(data: bytes, charset: str | None) -> str:
    return decode(data, charset).replace("\r\n", "\n").replace("\r", "\n")
