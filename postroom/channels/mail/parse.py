"""Understand a mail: bytes in, `Parsed` out, whatever the bytes."""

import re
from collections.abc import Sequence

from postroom.channels.mail.addresses import addresses, first_address, spec
from postroom.channels.mail.bodies import MAX_HTML, MAX_TEXT, read_bodies
from postroom.channels.mail.dates import mail_date
from postroom.channels.mail.headers import clean, text_of, words
from postroom.channels.mail.parsed import Address, Parsed
from postroom.channels.mail.tree import Node, split
from postroom.lib.marked import marked
from postroom.lib.text import storable

MAX_SUBJECT = 500
MAX_ID = 500
MAX_REFERENCES = 100
_ID = re.compile(r"<([^<>]{1,2000})>")
_BARE_ID = re.compile(r"[^\s<>,;\"@]{1,500}@[^\s<>,;\"]{1,500}")
_BLANKS = re.compile(r"\s+")


def parse(raw: bytes) -> Parsed:
    """Return what the mail says; never raises, whatever the bytes.

    Line ends may be CRLF, LF or CR. What could not be understood is named in `problems`.
    """
    root = split(raw)
    found = read_bodies(root)
    hints = found.charsets
    fields = [(name, text_of(value, hints)) for name, value in root.headers]
    by_name: dict[str, list[str]] = {}
    for name, value in fields:
        by_name.setdefault(name.lower(), []).append(value)

    def every(name: str) -> list[str]:
        return by_name.get(name, [])

    def people(name: str) -> tuple[Address, ...]:
        return tuple(map(_storable_address, addresses(", ".join(every(name)), hints)))

    sender = first_address(", ".join(every("sender")), hints)
    from_ = first_address(", ".join(every("from")), hints)
    problems = _problems(raw, root, from_) + found.problems
    return Parsed(
        message_id=next(iter(_ids(" ".join(every("message-id")[:1]))), None),
        in_reply_to=_ids(" ".join(every("in-reply-to"))),
        references=_ids(" ".join(every("references"))),
        subject=storable(words(next(iter(every("subject")), ""), hints))[:MAX_SUBJECT],
        date=mail_date(words(next(iter(every("date")), ""))),
        from_=_storable_address(from_),
        sender=_storable_address(sender),
        return_path=_return_path(every("return-path")),
        reply_to=people("reply-to"),
        to=people("to"),
        cc=people("cc"),
        text=storable(found.text)[:MAX_TEXT],
        html=storable(found.html)[:MAX_HTML],
        attachments=tuple(found.files),
        headers=tuple((name, storable(words(value, hints))) for name, value in fields),
        content_type=storable(root.content_type),
        auto_submitted=_plain(every("auto-submitted")),
        precedence=_plain(every("precedence")),
        problems=tuple(dict.fromkeys(problems)),
    )


def _problems(raw: bytes, root: Node, from_: Address) -> list[str]:
    problems: list[str] = []
    if not raw.strip():
        problems.append(marked("The mail is empty."))
    elif not root.headers:
        problems.append(marked("The mail has no headers."))
    if "@" not in from_.email:
        problems.append(marked("The mail names no sender that could be answered."))
    return problems


def _ids(text: str) -> tuple[str, ...]:
    """Return the Message-IDs in a header, bare, first and last kept when there are too many (RFC 5322, 3.6.4)."""
    found = (
        [_BLANKS.sub("", match) for match in _ID.findall(text)] or _BARE_ID.findall(text) or text.strip(" <>").split()
    )
    ids = [storable(clean(one))[:MAX_ID] for one in dict.fromkeys(found) if one]
    if len(ids) > MAX_REFERENCES:
        ids = [ids[0], *ids[-(MAX_REFERENCES - 1) :]]
    return tuple(ids)


def _return_path(values: Sequence[str]) -> str | None:
    if not values:
        return None
    return storable(spec(values[0]))


def _plain(values: list[str]) -> str:
    return storable(", ".join(clean(value).lower() for value in values))[:200]


def _storable_address(address: Address) -> Address:
    return Address(name=storable(address.name), email=storable(address.email))
