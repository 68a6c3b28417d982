"""Mail that somebody forwards to us: who wrote it first, and what."""

import re
from dataclasses import dataclass
from textwrap import dedent

from postroom.channels.mail.addresses import addresses, first_address
from postroom.channels.mail.forwarded_fields import Fields, fields_in_line, read_fields
from postroom.channels.mail.parse import parse
from postroom.channels.mail.parsed import NOBODY, Address, Parsed
from postroom.channels.mail.quote_marks import attribution, is_forward_mark, is_original_mark
from postroom.channels.mail.subjects import base_subject, is_forward_subject
from postroom.lib.text import storable

MAX_LINES = 1000  # a forwarded mail begins near the top
MAX_LINE = 2000
_QUOTE = re.compile(r"^[ \t]*>[ \t]?")
_DASHES = re.compile(r"^[ \t]*[-_=*]{2,}[ \t]*[^\W\d_][^-_=*]{3,60}[-_=*]{2,}")
_MAILBOX = re.compile(r"<?([^\s<>\"]+@[^\s<>\":]+)>?")
_QUOTED_NAME = re.compile(r'"[^"<>@]{1,80}"(?=\s*<)')
_MAILTO = re.compile(r"<mailto:[^<>]*>|\[mailto:([^\[\]]*)\]", re.I)


@dataclass(frozen=True, slots=True)
class Forwarded:
    """The mail inside a forwarded one; `comment` is what the forwarder wrote above it."""

    from_: Address
    subject: str
    to: tuple[Address, ...]
    body: str
    comment: str = ""


def forwarded(raw: bytes) -> Forwarded | None:
    """Return the mail that this one forwards, in its text or as an attachment, None when it forwards none."""
    return forwarded_in(parse(raw))


def forwarded_in(parsed: Parsed) -> Forwarded | None:
    """Return the mail that a parsed one forwards."""
    lines = parsed.text.split("\n")
    heads = [line[:MAX_LINE] for line in lines[: MAX_LINES + 60]]
    by_subject = is_forward_subject(parsed.subject)
    for index in range(min(len(lines), MAX_LINES)):
        fields = _starts_at(heads, index, by_subject=by_subject)
        if fields is not None:
            return _forwarded(fields, lines, index, subject=parsed.subject)
        wrote = attribution([_QUOTE.sub("", line) for line in heads[index : index + 5]], 0)
        if wrote is not None:
            return _attributed(lines, index, index + wrote.length, subject=parsed.subject) if by_subject else None
    return _attached(parsed) if by_subject or not parsed.text.strip() else None


def _starts_at(lines: list[str], index: int, *, by_subject: bool) -> Fields | None:
    """Return the header fields below a forward mark at this line, or alone here under a "Fwd:" subject."""
    line = _QUOTE.sub("", lines[index])
    if is_forward_mark(line):
        return fields_in_line(line, index) or read_fields(lines, index + 1)
    if is_original_mark(line):
        return read_fields(lines, index + 1) if by_subject else None
    if _DASHES.match(line) and not attribution(lines, index):
        # A mark in a language that we do not know is known by what it looks like and by what follows.
        fields = fields_in_line(line, index) or read_fields(lines, index + 1)
        return fields if fields and fields.complete else None
    if by_subject:
        return read_fields(lines, index, at_once=True)
    return None


def _attributed(lines: list[str], index: int, end: int, *, subject: str) -> Forwarded | None:
    """Outlook for Mac forwards below "On … Ann <a@b.example> wrote:"; else such a line is an answer's quote."""
    sender = _MAILBOX.search(" ".join(lines[index:end]))
    below = [line for line in lines[end:] if line.strip()]
    above = "".join(lines[:index]).strip(" \t\r\ufeff")
    indented = bool(below) and all(line.startswith("    ") for line in below[:3])
    if sender is None or not below or _QUOTE.match(below[0]) or (above and not indented):
        return None
    return Forwarded(
        from_=first_address(f"{_named(lines[index:end])} <{sender[1]}>"),
        subject=storable(base_subject(subject))[:500],
        to=(),
        body=storable(dedent("\n".join(_unquoted(lines[end:]))).strip("\n\ufeff")),
        comment=storable("\n".join(lines[:index]).strip("\n \ufeff")),
    )


def _named(lines: list[str]) -> str:
    quoted = _QUOTED_NAME.search(" ".join(lines))
    return quoted[0] if quoted else ""


def _forwarded(fields: Fields, lines: list[str], index: int, *, subject: str) -> Forwarded:
    return Forwarded(
        from_=first_address(_MAILTO.sub(r" \1", fields.sender)) if fields.sender else NOBODY,
        subject=storable(fields.subject or base_subject(subject))[:500],
        to=addresses(_MAILTO.sub(r" \1", fields.to)),
        body=storable("\n".join(_unquoted(lines[fields.end :])).strip("\n\ufeff")),
        comment=storable("\n".join(lines[:index]).strip()),
    )


def _unquoted(lines: list[str]) -> list[str]:
    """Take one level of quote signs off a body that starts with them; a wrapped line may have lost its own."""
    first = next((line for line in lines if line.strip()), "")
    if _QUOTE.match(first):
        return [_QUOTE.sub("", line).lstrip("\ufeff") for line in lines]
    return lines


def _attached(parsed: Parsed) -> Forwarded | None:
    """Return the mail that came as an attachment, when there is just one."""
    mails = [file for file in parsed.attachments if file.content_type == "message/rfc822"]
    if len(mails) != 1:
        return None
    inner = parse(mails[0].data)
    return Forwarded(
        from_=inner.from_, subject=inner.subject, to=inner.to, body=inner.text, comment=parsed.text.strip()
    )
