"""Days, months and ages as people write them in a condition."""

import re
from datetime import datetime, timedelta, tzinfo
from typing import NamedTuple

_AGO = re.compile(r"([0-9]{1,4})(h|d|w|m|y)")
_DATE = re.compile(r"([0-9]{4})(?:-([0-9]{1,2})(?:-([0-9]{1,2}))?)?")
_UNITS = {
    "h": timedelta(hours=1),
    "d": timedelta(days=1),
    "w": timedelta(weeks=1),
    "m": timedelta(days=30),
    "y": timedelta(days=365),
}
_DAY = timedelta(days=1)
_LONGEST = timedelta(days=36_500)


class Period(NamedTuple):
    """From `start` until just before `end`; aware."""

    start: datetime
    end: datetime


def span(text: str) -> timedelta | None:
    """Read "3d", "2w", "12h", "1m" (thirty days) or "1y", up to a hundred years; None for anything else."""
    found = _AGO.fullmatch(text)
    length = int(found[1]) * _UNITS[found[2]] if found else _LONGEST + _DAY
    return length if length <= _LONGEST else None


def period(text: str, *, now: datetime, zone: tzinfo) -> Period | None:
    """Read "2026", "2026-03", "2026-03-02", "today", "yesterday", or "3d" for the day three days ago; else None."""
    here = now.astimezone(zone).replace(tzinfo=None)
    back = {"today": timedelta(0), "yesterday": _DAY}.get(text, span(text))
    if back is not None:
        day = (here - back).replace(hour=0, minute=0, second=0, microsecond=0)
        return _between(day, day + _DAY, zone)
    found = _DATE.fullmatch(text)
    if not found or not 1900 <= int(found[1]) <= 9000:
        return None
    try:
        start = datetime(int(found[1]), int(found[2] or 1), int(found[3] or 1))  # noqa: DTZ001  (it gets its zone below)
    except ValueError:
        # There is no 30th of February.
        return None
    if found[3]:
        return _between(start, start + _DAY, zone)
    if found[2]:
        return _between(start, (start + 31 * _DAY).replace(day=1), zone)
    return _between(start, start.replace(year=start.year + 1), zone)


def _between(start: datetime, end: datetime, zone: tzinfo) -> Period:
    return Period(start.replace(tzinfo=zone), end.replace(tzinfo=zone))
