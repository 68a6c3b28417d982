"""The moments at which things come back or leave: what people choose from, in their own time zone, and what they type.

All moments are aware; those for people are reckoned by the clock on their wall, so that "tomorrow at nine" is nine on
the day of the change to summer time as well.
"""

import re
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta, tzinfo

from django.utils.translation import gettext as _

from postroom.core.accounts.working_hours import from_to

LONGEST = timedelta(days=2 * 366)
MORNING = time(9)
_EVENING = time(18)
_TYPED = re.compile(r"\d{4}-\d{2}-\d{2}T\d{2}:\d{2}(:\d{2})?")


class MomentRefused(Exception):
    """Nothing was changed; the text says why, for the person who chose the moment."""


class NoMoment(MomentRefused):
    def __init__(self) -> None:
        super().__init__(_("This is no day and time. Nothing was changed. Choose both."))


class PassedMoment(MomentRefused):
    def __init__(self) -> None:
        super().__init__(_("That moment has passed already. Nothing was changed. Choose a later one."))


class TooFar(MomentRefused):
    def __init__(self) -> None:
        super().__init__(_("That is more than two years away. Nothing was changed. Choose an earlier moment."))


@dataclass(frozen=True)
class Preset:
    """One choice: `code` is later, evening, tomorrow, week or month."""

    code: str
    at: datetime


def refuse_impossible(moment: datetime, *, now: datetime) -> None:
    """Raise MomentRefused for what has passed, and for what is so far away that it was hardly meant."""
    if moment <= now:
        raise PassedMoment
    if moment > now + LONGEST:
        raise TooFar


def typed_moment(text: str, *, zone: tzinfo) -> datetime:
    """Read "2026-03-29T02:30", as a browser's field has it, by this zone's clock; NoMoment for anything else.

    A time that the clock leaps over in spring is as long after midnight as it would have been; of one that comes twice
    in autumn the first is meant. With an offset ("…+01:00", "…Z") it is that very moment.
    """
    try:
        moment = datetime.fromisoformat(text.strip())
    except ValueError:
        raise NoMoment from None
    if moment.tzinfo is None:
        if not _TYPED.fullmatch(text.strip()):
            raise NoMoment
        moment = moment.replace(tzinfo=zone)
    try:
        return moment.astimezone(UTC)
    except OverflowError:
        raise NoMoment from None


def presets(*, now: datetime, zone: tzinfo, working_hours: object = None) -> tuple[Preset, ...]:
    """Return what is offered at this moment, the earliest first: in some hours, this evening, the next mornings."""
    local = now.astimezone(zone)
    later = _whole_hour(now + timedelta(hours=3))
    # In the evening, "later today" would be another day.
    found = [Preset("later", later)] if later.astimezone(zone).date() == local.date() else []
    if local.time() < time(15):
        found.append(Preset("evening", _at(local.date(), _EVENING, zone)))
    for code, day in (
        ("tomorrow", local.date() + timedelta(days=1)),
        ("week", _next_monday(local.date())),
        # The same weekday again.
        ("month", local.date() + timedelta(weeks=4)),
    ):
        found.append(Preset(code, _at(day, _morning(working_hours, day), zone)))
    # On a Sunday, tomorrow is next week.
    return tuple({one.at: one for one in reversed(found)}.values())[::-1]


def _whole_hour(moment: datetime) -> datetime:
    return (moment + timedelta(minutes=30)).replace(minute=0, second=0, microsecond=0)


def _at(day: date, hour: time, zone: tzinfo) -> datetime:
    return datetime.combine(day, hour, tzinfo=zone).astimezone(UTC)


def _next_monday(day: date) -> date:
    return day + timedelta(days=7 - day.weekday())


def _morning(working_hours: object, day: date) -> time:
    """Return when the person begins on that weekday, as far as they have said so."""
    begins, _ends = from_to(working_hours, weekday=str(day.isoweekday()))
    try:
        return time.fromisoformat(begins) if begins else MORNING
    except ValueError:
        return MORNING
