"""One watcher of the database for all rounds of a process: whoever waits sleeps until somebody has committed."""

import threading
import time

from django.db import InterfaceError, OperationalError, connection

# Either question is cheap enough to be asked for ever: SQLite answers in 3 microseconds, PostgreSQL in 60.
_SQLITE_SECONDS = 0.05
_POSTGRESQL_SECONDS = 0.1


class Commits:
    """Counts how often the database was found changed; `watch` is a thread's whole work."""

    def __init__(self) -> None:
        self.seen = 0
        self._changed = threading.Condition()

    def watch(self, stop: threading.Event) -> None:
        """Look until stopped. A database that is away is a change: whoever waits finds out for themselves."""
        every = _SQLITE_SECONDS if connection.vendor == "sqlite" else _POSTGRESQL_SECONDS
        before = ""
        try:
            while not stop.wait(every):
                if (now := _version()) != before:
                    before = now
                    self.tell()
        except (OperationalError, InterfaceError):
            self.tell()
            raise
        finally:
            connection.close()

    def wait(self, seen: int, *, seconds: float) -> None:
        """Return when the count is not `seen` any more, after `seconds` at the latest.

        Whoever takes the count before they look at the rows misses nothing that is committed meanwhile.
        """
        until = time.monotonic() + seconds
        with self._changed:
            while self.seen == seen and (left := until - time.monotonic()) > 0:
                self._changed.wait(left)

    def tell(self) -> None:
        """Let everybody look who waits."""
        with self._changed:
            self.seen += 1
            self._changed.notify_all()


def _version() -> str:
    """Return what is another text after each commit that wrote something.

    Of PostgreSQL the transactions that are under way and the next number: it moves when one that writes begins, and
    again when its rows can be seen.
    """
    with connection.cursor() as cursor:
        cursor.execute("PRAGMA data_version" if connection.vendor == "sqlite" else "SELECT pg_current_snapshot()::text")
        return str(cursor.fetchone()[0])
