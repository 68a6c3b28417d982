"""Write the meeting that winmail.dat speaks of as an iCalendar file (RFC 5545), as other programs send it."""

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta

from postroom.channels.mail.headers import clean
from postroom.channels.mail.tnef_properties import Property
from postroom.lib.text import storable

_METHODS = (
    ("mtgreq", "REQUEST"), ("meeting.request", "REQUEST"), ("mtgcncl", "CANCEL"), ("meeting.cancel", "CANCEL"),
    ("mtgresp", "REPLY"), ("meeting.resp", "REPLY"),
)  # fmt: skip
_WHEN, _UNTIL, _WHERE, _OBJECT = 0x820D, 0x820E, 0x8208, 0x0003  # named properties (MS-OXPROPS)
_PLAIN = 0x1000
_FIRST = datetime(1601, 1, 1, tzinfo=UTC)
_VCAL = b"vCal-Uid\x01\x00\x00\x00"


def invitation(kind: str, properties: Sequence[Property], *, subject: str, codec: str) -> str:
    """Return the calendar file of a meeting's message class, '' for any other message."""
    low = kind.lower()
    method = next((method for word, method in _METHODS if word in low), "")
    named = {one.number: one for one in reversed(properties) if one.named}
    starts = _moment(named.get(_WHEN))
    if not method or not starts:
        return ""
    ends, where = _moment(named.get(_UNTIL)), named.get(_WHERE)
    lines = [
        "BEGIN:VCALENDAR", "PRODID:-//Postroom//winmail.dat//EN", "VERSION:2.0", f"METHOD:{method}", "BEGIN:VEVENT",
        f"UID:{_uid(named.get(_OBJECT)) or f'{starts}@postroom.invalid'}", f"DTSTAMP:{starts}", f"DTSTART:{starts}",
        *([f"DTEND:{ends}"] if ends else []),
        f"SUMMARY:{_escaped(subject)}",
        *([f"LOCATION:{_escaped(where.text(codec))}"] if where else []),
        "END:VEVENT", "END:VCALENDAR", "",
    ]  # fmt: skip
    return "\r\n".join(lines)


def _moment(found: Property | None) -> str:
    """Return a time of Windows (tenths of microseconds since 1601) as iCalendar writes it, '' for an absurd one."""
    if found is None or len(found.data) != 8:
        return ""
    try:
        return (_FIRST + timedelta(microseconds=found.whole // 10)).strftime("%Y%m%dT%H%M%SZ")
    except OverflowError:
        return ""


def _uid(found: Property | None) -> str:
    """Outlook packs a foreign UID into its own; its own is written in hexadecimal."""
    if found is None or not 0 < len(found.data) <= 500:
        return ""
    _before, mark, foreign = found.data.partition(_VCAL)
    return _escaped(foreign.partition(b"\0")[0].decode("utf-8", "replace")) if mark else found.data.hex().upper()


def _escaped(text: str) -> str:
    text = clean(storable(text))[:500]
    return text.replace("\\", "\\\\").replace(";", "\\;").replace(",", "\\,")
