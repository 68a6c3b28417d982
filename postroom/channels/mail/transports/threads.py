"""Threads that use the database on behalf of an event loop."""

import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import TypeVar

from django.db import connection, connections
from django.db.backends.base.base import BaseDatabaseWrapper

_Result = TypeVar("_Result")


class DatabaseThreads:
    """A few threads with a database connection each, all closed together at the end."""

    def __init__(self, count: int, *, name: str) -> None:
        self._open: list[BaseDatabaseWrapper] = []
        self._lock = threading.Lock()
        self.executor = ThreadPoolExecutor(count, thread_name_prefix=name, initializer=self._begin)

    def run(self, work: Callable[[], _Result]) -> _Result:
        """Do the work on this thread's connection, which may have grown stale since the last time."""
        connection.close_if_unusable_or_obsolete()
        try:
            return work()
        finally:
            connection.close_if_unusable_or_obsolete()

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
