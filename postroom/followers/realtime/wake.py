"""Know that the log may have grown, without asking it each time where the engine allows."""

from threading import Event as Flag
from typing import Protocol

from django.db import connection


class Waker(Protocol):
    """Waits, in the thread whose database connection it uses."""

    def wait(self, stop: Flag) -> None:
        """Return when something may have been committed since the last return, or when stopped."""


class DataVersion:
    """SQLite: a counter that moves when another connection commits. Asking costs 3 microseconds, a query 150."""

    interval = 0.025

    def __init__(self) -> None:
        self._seen: int | None = None

    def wait(self, stop: Flag) -> None:
        """Return when the file has changed; the counter is taken before the caller reads, so nothing falls between."""
        while (version := self._version()) == self._seen and not stop.wait(self.interval):
            pass
        self._seen = version

    @staticmethod
    def _version() -> int:
        with connection.cursor() as cursor:
            cursor.execute("PRAGMA data_version")
            return int(cursor.fetchone()[0])


class Poll:
    """PostgreSQL: ask every 50 ms.

    NOTIFY would be a little quicker, and is not worth it: it takes one lock for all commits that notify, it does not
    pass a transaction pooler, and it comes before the event is settled (core/events/log.py), so one would poll anyway.
    """

    interval = 0.05

    def wait(self, stop: Flag) -> None:
        """Return after the interval."""
        stop.wait(self.interval)


def waker() -> Waker:
    """Return what fits the engine."""
    return DataVersion() if connection.vendor == "sqlite" else Poll()
