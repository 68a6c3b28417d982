"""Threads that use the database on behalf of an event loop."""

import threading
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import TypeVar

from django.db import connection, connections
from django.db.backends.base.base import BaseDatabaseWrapper

_Result = TypeVar("_Result")
# Seconds for which a connection that has just worked is not asked whether it works: it costs a trip for each mail, and
# should it break meanwhile, the sender is told to try again.
_FRESH = 1.0


_used = threading.local()


def with_connection(work: Callable[[], _Result]) -> _Result:
    """Do the work on this thread's connection, which may have grown stale since the last time."""
    connection.close_if_unusable_or_obsolete()
    if time.monotonic() - getattr(_used, "at", -_FRESH) < _FRESH:
        connection.health_check_done = True  # type: ignore[attr-defined]  # Django's own word for it
    try:
        return work()
    finally:
        connection.close_if_unusable_or_obsolete()
        _used.at = time.monotonic()


class DatabaseThreads:
    """A few threads with a database connection each, all closed together at the end."""

    def __init__(self, count: int, *, name: str) -> None:
        self._open: list[BaseDatabaseWrapper] = []
        self._lock = threading.Lock()
        self.executor = ThreadPoolExecutor(count, thread_name_prefix=name, initializer=self._begin)

    def close(self) -> None:
        """Wait for what is under way, then close every connection."""
        self.executor.shutdown(wait=True, cancel_futures=True)
        for one in self._open:
            one.close()

    def _begin(self) -> None:
        mine = connections["default"]
        # Closed by another thread than this one, after this one has ended.
        mine.inc_thread_sharing()
        with self._lock:
            self._open.append(mine)
