"""When somebody works: for each weekday from when to when, in their own time zone."""

import re
from collections.abc import Mapping

# ISO 8601: "1" is Monday.
WEEKDAYS = ("1", "2", "3", "4", "5", "6", "7")
_TIME = re.compile(r"([01]\d|2[0-3]):[0-5]\d")

Hours = dict[str, list[list[str]]]


class NoSuchHours(Exception):
    """These are no hours: `weekday` is the one that is wrong."""

    def __init__(self, weekday: str) -> None:
        super().__init__(weekday)
        self.weekday = weekday


def working_hours(typed: Mapping[str, tuple[str, str]]) -> Hours:
    """Return the hours as they are kept, from "09:00" and "17:30" a weekday; two empty ones are a free day.

    A night's work ends on the same weekday at the latest at 24:00, written 23:59.
    """
    kept: Hours = {}
    for weekday in WEEKDAYS:
        start, end = (text.strip()[:5] for text in typed.get(weekday, ("", "")))
        if not start and not end:
            continue
        if not (_TIME.fullmatch(start) and _TIME.fullmatch(end) and start < end):
            raise NoSuchHours(weekday)
        kept[weekday] = [[start, end]]
    return kept


def from_to(hours: object, *, weekday: str) -> tuple[str, str]:
    """Return the first and the last minute of a weekday's work as stored; two empty texts for a free day."""
    spans = hours.get(weekday) if isinstance(hours, dict) else None
    return (spans[0][0], spans[-1][1]) if spans else ("", "")
