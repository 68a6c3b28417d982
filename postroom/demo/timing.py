"""When each step of a thread happens: business-like, in order, and never later than now."""

import zlib
from datetime import datetime, time, timedelta

from django.utils import timezone

from postroom.demo.script import MAIL, Age, Step, Thread

_OPENS, _CLOSES = time(8, 25), time(18, 40)
_WAKES = time(6, 20)
_SUNDAY = 6
# Threads younger than this are told from now back; whoever starts the demo on a Sunday evening sees fresh mail too.
_FRESH = timedelta(days=1)


def moments(thread: Thread, *, now: datetime) -> list[datetime]:
    """Return one aware moment per step."""
    began = _began(thread, now=now)
    fresh = now - began < _FRESH
    found: list[datetime] = []
    for place, step in enumerate(thread.steps):
        before = found[-1] if found else began
        due = before + step.after + timedelta(seconds=_chance(thread, place, 50) if place else 0)
        due = due if fresh or not place else _civil(due, step=step, minutes=_chance(thread, place, 55))
        found.append(_in_time(due, before=before, now=now) if place else due)
    return found


def _began(thread: Thread, *, now: datetime) -> datetime:
    age: Age = thread.age
    if age.at is None:
        return now - age.span
    day = timezone.localtime(now).date() - timedelta(days=age.days)
    began = datetime.combine(day, age.at, tzinfo=timezone.get_default_timezone())
    return min(began, now - timedelta(hours=8)) + timedelta(seconds=_chance(thread, 0, 59))


def _civil(due: datetime, *, step: Step, minutes: int) -> datetime:
    """Move a colleague's step into the opening hours, and a customer's out of the night."""
    local = timezone.localtime(due)
    if step.kind == MAIL:
        return local.replace(hour=7, minute=minutes) if local.time() < _WAKES else local
    if local.time() < _OPENS:
        local = local.replace(hour=8, minute=30) + timedelta(minutes=minutes)
    elif local.time() > _CLOSES:
        local = (local + timedelta(days=1)).replace(hour=8, minute=30) + timedelta(minutes=minutes)
    return local + timedelta(days=1) if local.weekday() == _SUNDAY else local


def _in_time(due: datetime, *, before: datetime, now: datetime) -> datetime:
    """Keep the order, and keep what a weekend pushed beyond now just before it."""
    last = now - timedelta(minutes=1)
    return due if due <= last else before + (last - before) / 2


def _chance(thread: Thread, place: int, below: int) -> int:
    """Return a number that looks like chance and is always the same."""
    return zlib.crc32(f"{thread.slug}/{place}".encode()) % below
