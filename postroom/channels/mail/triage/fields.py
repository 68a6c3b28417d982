"""The machine's half of a report: the fields of RFC 3464 and RFC 8098, wherever a system has put them."""

import re

from postroom.channels.mail.parsed import Parsed
from postroom.channels.mail.tree import split

DELIVERY_TYPES = ("message/delivery-status", "message/global-delivery-status")
RECEIPT_TYPES = ("message/disposition-notification", "message/global-disposition-notification")
_FIELD = re.compile(
    r"(?mi)^(final-recipient|original-recipient|x-actual-recipient|action|status|diagnostic-code|disposition|"
    r"original-message-id|x-original-message-id)[ \t]*:[ \t]*(.*(?:\n[ \t]+.*)*)"
)
_GROUPS = re.compile(r"\n[ \t]*\n")
_MOST = 200_000

Fields = dict[str, str]


def delivery_fields(parsed: Parsed) -> list[Fields]:
    """Return the fields of each recipient (RFC 3464 section 2.3), names in lower case."""
    return _groups(b"\n\n".join(file.data for file in parsed.attachments if file.content_type in DELIVERY_TYPES))


def receipt_fields(parsed: Parsed) -> Fields | None:
    """Return the fields of a read receipt (RFC 8098 section 3.1); None when the mail is none."""
    parts = [file.data for file in parsed.attachments if file.content_type in RECEIPT_TYPES]
    if not parts:
        return None
    found: Fields = {}
    for fields in _groups(b"\n\n".join(parts)):
        found = {**fields, **found}
    return found


def wrapped_fields(parsed: Parsed) -> list[Fields]:
    """Return the fields of a report that a scanner or gateway has put into another mail."""
    for file in parsed.attachments:
        if file.content_type == "message/rfc822" and b"delivery-status" in file.data[:_MOST].lower():
            parts = [node.data for node in split(file.data[:_MOST]).walk() if node.content_type in DELIVERY_TYPES]
            if groups := _groups(b"\n\n".join(parts)):
                return groups
    return []


def fields_in_words(words: str) -> list[Fields]:
    """Return the fields that a system has written into the text instead of a part of its own."""
    groups = _groups(words.encode())
    return [fields for fields in groups if "action" in fields and ("final-recipient" in fields or "status" in fields)]


def _groups(report: bytes) -> list[Fields]:
    text = report[:_MOST].decode("utf-8", "replace").replace("\r\n", "\n").replace("\r", "\n")
    groups = []
    for block in _GROUPS.split(text)[:500]:
        fields: Fields = {}
        for match in _FIELD.finditer(block):
            fields.setdefault(match[1].lower(), match[2])
        if fields:
            groups.append(fields)
    return groups
