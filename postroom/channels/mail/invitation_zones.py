"""The time zones that an invitation brings along: only where the name says nothing, and never for another mail."""

import hashlib
import re

from icalendar.timezone import tzp

_FOLD = re.compile(rb"\r?\n[ \t]")
_ZONE = re.compile(rb"BEGIN:VTIMEZONE.*?END:VTIMEZONE[ \t]*\r?\n?", re.DOTALL)
_NAME = re.compile(rb"(?m)^TZID[^:\r\n]*:([^\r\n]*)")
_RULE = re.compile(rb"(?m)^RRULE[^:\r\n]*:([^\r\n]*)")
# Only what a real zone says: a rule of each second since 1601 would be computed to the end of time.
_TAME = re.compile(
    rb"(?:FREQ=YEARLY|BYMONTH=\d{1,2}|BYDAY=[+-]?\d?[A-Z]{2}|BYMONTHDAY=[\d,-]{1,30}|UNTIL=[0-9TZ]+|INTERVAL=1"
    rb"|WKST=[A-Z]{2}|;)+[ \t]*"
)
_MOST_ZONES = 5
_MOST_OBSERVANCES = 12


def with_own_zones(data: bytes) -> bytes:
    """Return the calendar unfolded, its zones as they can be trusted.

    The library keeps every zone that it has read by its name, for all calendars after it. So one whose name is known
    (IANA's, or Windows') goes by that, and another gets a name that its definition makes.
    """
    plain = _FOLD.sub(b"", data)
    zones = _ZONE.findall(plain)
    kept: list[bytes] = []
    plain = _ZONE.sub(b"", plain)
    for zone in zones[:_MOST_ZONES]:
        stated = _NAME.search(zone)
        if stated is None or not _is_tame(zone) or _is_known(stated[1]):
            continue
        own = b"postroom-" + hashlib.sha256(zone).hexdigest()[:24].encode()
        kept.append(zone.replace(stated[0], b"TZID:" + own))
        bare = stated[1].strip().replace(b"\\,", b",").replace(b"\\;", b";")
        for name in {stated[1].strip(), bare}:
            plain = plain.replace(b'TZID="' + name + b'"', b"TZID=" + own).replace(
                b"TZID=" + name + b":", b"TZID=" + own + b":"
            )
    head, mark, rest = plain.partition(b"BEGIN:VEVENT")
    return head + b"".join(kept) + mark + rest


def _is_known(name: bytes) -> bool:
    return tzp.timezone(name.decode("utf-8", "replace").strip().strip('"')) is not None


def _is_tame(zone: bytes) -> bool:
    observances = zone.count(b"BEGIN:") - 1
    rules = _RULE.findall(zone)
    return observances <= _MOST_OBSERVANCES and b"RDATE" not in zone and all(map(_TAME.fullmatch, rules))
