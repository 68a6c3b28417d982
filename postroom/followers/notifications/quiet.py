"""When somebody may be told by push or mail: not in quiet hours, outside of working hours, or on holiday."""

from datetime import date, datetime, time, timedelta, tzinfo

from django.utils import timezone

from postroom.core.accounts.models import User
from postroom.core.accounts.time_zones import zone_of
from postroom.followers.notifications.models import Choices

# A week and a day: working hours repeat, and both ends of today count.
_DAYS = 8


def next_moment(user: User, choices: Choices, *, now: datetime) -> datetime | None:
    """Return when this person may be told, `now` or later; None while nobody knows when they are back from holiday."""
    if user.away_from and user.away_from <= now and (user.away_until is None or user.away_until > now):
        if user.away_until is None:
            return None
        now = user.away_until
    zone = zone_of(user) or timezone.get_default_timezone()
    moments = [
        now,
        *(moment for moment in _edges(user, choices, day=now.astimezone(zone).date(), zone=zone) if moment > now),
    ]
    free = (moment for moment in sorted(moments) if not _is_quiet(user, choices, moment.astimezone(zone)))
    # Working hours that all lie in quiet ones would hold everything for ever.
    return next(free, now)


def _is_quiet(user: User, choices: Choices, local: datetime) -> bool:
    clock = local.strftime("%H:%M")
    start, end = choices.quiet_from, choices.quiet_until
    if start and end and (start <= clock < end if start < end else clock >= start or clock < end):
        return True
    if not choices.only_working_hours or not user.working_hours:
        return False
    return not any(begin <= clock < until for begin, until in _spans(user, local.date()))


def _edges(user: User, choices: Choices, *, day: date, zone: tzinfo) -> list[datetime]:
    """Return the moments at which quiet may end."""
    found = []
    for days in range(_DAYS):
        here = day + timedelta(days=days)
        clocks = [choices.quiet_until] if choices.quiet_until else []
        if choices.only_working_hours:
            clocks += [begin for begin, _until in _spans(user, here)]
        found += [datetime.combine(here, time.fromisoformat(clock), tzinfo=zone) for clock in clocks]
    return found


def _spans(user: User, day: date) -> list[list[str]]:
    hours = user.working_hours if isinstance(user.working_hours, dict) else {}
    return list(hours.get(str(day.isoweekday()), []))
