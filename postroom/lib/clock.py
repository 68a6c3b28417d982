"""The one clock: verbs ask it once, calculators are given `now`."""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import UTC, datetime
from time import time

_fixed: ContextVar[datetime | None] = ContextVar("postroom_clock", default=None)


def now() -> datetime:
    """Return the present moment, aware, in UTC (or the moment set by `at`)."""
    return _fixed.get() or datetime.now(UTC)


def minute() -> int:
    """Return which minute it is: another number in each."""
    fixed = _fixed.get()
    return int((fixed.timestamp() if fixed else time()) // 60)


@contextmanager
def at(moment: datetime) -> Iterator[None]:
    """Let `now()` answer `moment` inside the block: for tests, and to seed a past."""
    token = _fixed.set(moment)
    try:
        yield
    finally:
        _fixed.reset(token)
