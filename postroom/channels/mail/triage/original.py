"""Which mail a report speaks of: its Message-ID, wherever the reporting system has left it."""

import re

from postroom.channels.mail.parsed import Parsed
from postroom.channels.mail.triage.fields import delivery_fields, receipt_fields
from postroom.channels.mail.triage.loop import LOOP_HEADER

_RETURNED = ("message/rfc822", "text/rfc822", "message/global", "message/partial", "message/news")
_ID = re.compile(r"(?im)^[ \t>|*]*(?:x-(?:original-)?)?message-id[ \t]*:[ \t]*(?:\n[ \t>|*]*)?<\s*([^<>\s]{3,500})\s*>")
_MARK = re.compile(rf"(?im)^[ \t>|*]*{LOOP_HEADER}[ \t]*:[ \t]*(?:\n[ \t>|*]*)?(\S+@\S+[ \t]+[0-9a-f]{{32}})\b")
_BRACKETS = re.compile(r"<?\s*([^<>\s]{3,500})\s*>?")
_MOST = 300_000
_IDS = 60


def original_ids(parsed: Parsed) -> tuple[str, ...]:
    """Return the bare ids of the mail that is reported on, the best evidence first.

    The report's own fields, the returned mail or its headers, headers quoted in the prose, and what it answers.
    """
    found = [_bare(fields.get(name, "")) for fields in _fields(parsed) for name in _NAMES]
    for text in _returned(parsed):
        found += _ID.findall(text)
    found += [*parsed.in_reply_to, *reversed(parsed.references)]
    return tuple(dict.fromkeys(one for one in found if one and one != parsed.message_id))[:_IDS]


def original_marks(parsed: Parsed) -> tuple[str, ...]:
    """Return our own marks in the returned headers: they prove which mail it was even when its id was rewritten."""
    marks = [" ".join(mark.split()) for text in _returned(parsed) for mark in _MARK.findall(text)]
    return tuple(dict.fromkeys(marks))[:_IDS]


_NAMES = ("original-message-id", "x-original-message-id")


def _fields(parsed: Parsed) -> list[dict[str, str]]:
    receipt = receipt_fields(parsed)
    header = {"x-original-message-id": parsed.header("X-Original-Message-ID")}
    return [*([receipt] if receipt else []), *delivery_fields(parsed), header]


def _returned(parsed: Parsed) -> list[str]:
    parts = [file.data[:_MOST] for file in parsed.attachments if file.content_type.startswith(_RETURNED)]
    texts = [part.decode("latin-1").replace("\r\n", "\n").replace("\r", "\n") for part in parts[:10]]
    return [*texts, parsed.text[:_MOST]]


def _bare(value: str) -> str:
    found = _BRACKETS.match(value.strip())
    return found[1] if found else ""
