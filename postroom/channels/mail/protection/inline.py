"""OpenPGP inside the text itself, as it was written before there was MIME."""

from collections.abc import Sequence
from dataclasses import replace

from postroom.channels.mail.charsets import decode
from postroom.channels.mail.parsed import Parsed
from postroom.channels.mail.protection import openpgp
from postroom.channels.mail.protection.questions import Inline, OwnKey
from postroom.channels.mail.protection.verdict import NO_KEY, OPENED, OPENPGP, TooLarge, Verdict
from postroom.channels.mail.tree import Node, split
from postroom.lib.text import storable

_SIGNED = b"-----BEGIN PGP SIGNED MESSAGE-----"
_SIGNED_END = b"-----END PGP SIGNATURE-----"
_ENCRYPTED = b"-----BEGIN PGP MESSAGE-----"
_ENCRYPTED_END = b"-----END PGP MESSAGE-----"


def holds_block(parsed: Parsed) -> bool:
    """Tell whether the reader would see an OpenPGP block: an HTML version without it is another text."""
    return "-----BEGIN PGP " in parsed.text and (not parsed.html or "-----BEGIN PGP " in parsed.html)


def read_inline(
    raw: bytes, *, own: Sequence[OwnKey], known: Sequence[openpgp.Known], sender: openpgp.Sender, most: int
) -> Inline | None:
    """Return what the first OpenPGP block in the mail's plain text says, None when there is none."""
    node = next((one for one in split(raw).walk() if _has_block(one)), None)
    if node is None:
        return None
    data = node.data
    if _SIGNED in data:
        block, before, after = _cut(data, _SIGNED, _SIGNED_END)
        verdict, content = openpgp.check_clear_signed(block, known=known, sender=sender)
    else:
        block, before, after = _cut(data, _ENCRYPTED, _ENCRYPTED_END)
        try:
            content, verdict = openpgp.open_message(block, own=own, known=known, sender=sender, most=most)
        except openpgp.CannotDecrypt:
            return Inline(Verdict(kind=OPENPGP, encrypted=NO_KEY))
        verdict = replace(verdict, encrypted=OPENED)
    if len(content) > most:
        raise TooLarge("what is inside is larger than a mail may be")
    verdict = replace(verdict, partly=bool(before.strip() or after.strip()))
    if not content or (not verdict.encrypted and not verdict.signature):
        return Inline(verdict)
    charset = node.parameters.get("charset")
    words = _text(content, charset if _SIGNED in block else "utf-8")
    return Inline(verdict, block=_text(block, charset).rstrip("\n"), words=words.rstrip("\n"))


def with_words(parsed: Parsed, found: Inline) -> Parsed:
    """Put what was signed or encrypted in the place of its block; exactly the checked bytes are shown.

    A text whose signature does not fit stays as it came.
    """
    at = parsed.text.find(found.block) if found.block else -1
    if at < 0:
        return parsed
    text = storable(parsed.text[:at] + found.words + parsed.text[at + len(found.block) :])
    return replace(parsed, text=text, html="")


def _has_block(node: Node) -> bool:
    if node.children or node.content_type != "text/plain":
        return False
    data = node.data
    return (_SIGNED in data and _SIGNED_END in data) or (_ENCRYPTED in data and _ENCRYPTED_END in data)


def _cut(data: bytes, start: bytes, end: bytes) -> tuple[bytes, bytes, bytes]:
    at = data.find(start)
    until = data.find(end, at)
    until = len(data) if until < 0 else until + len(end)
    return data[at:until] + b"\n", data[:at], data[until:]


def _text(data: bytes, charset: str | None) -> str:
    return decode(data, charset).replace("\r\n", "\n").replace("\r", "\n")
