"""Sleep until something may be due."""

import threading
import time

from django.db import connection

# SQLite tells a commit for 3 microseconds; PostgreSQL has to be asked the question itself, so less often.
_SQLITE_SECONDS = 0.05
_POSTGRESQL_SECONDS = 0.1


class Waking:
    """Waits in the thread whose database connection it uses."""

    def __init__(self) -> None:
        self._seen: int | None = None

    def wait(self, stop: threading.Event, *, seconds: float) -> None:
        """Return when another connection has committed, after `seconds` at the latest, or at once when stopped."""
        if connection.vendor != "sqlite":
            stop.wait(min(seconds, _POSTGRESQL_SECONDS))
            return
        until = time.monotonic() + seconds
        while (version := _data_version()) == self._seen and time.monotonic() < until:
            if stop.wait(_SQLITE_SECONDS):
                return
        # Taken before the caller looks, so that a commit in between is seen the next time.
        self._seen = version


def _data_version() -> int:
    with connection.cursor() as cursor:
        cursor.execute("PRAGMA data_version")
        return int(cursor.fetchone()[0])
