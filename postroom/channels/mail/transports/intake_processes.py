"""More processes for a rush of mail: one interpreter understands one mail at a time, however many threads it has."""

import logging
import multiprocessing
import os
import signal
import threading
import time
from collections.abc import Iterator
from concurrent.futures import Future, ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

import django

_log = logging.getLogger("postroom.mail.intake")

# So many mails at once mean that they wait for each other: as many as the door has threads.
RUSH = 4
# Seconds without mail after which the processes end: each holds memory that a quiet team has better use for.
_QUIET = 60.0
# Seconds until new ones are tried after some died or did not come up.
_PAUSE = 60.0


@dataclass
class _Pool:
    """The processes, and what says that each of them has come up."""

    executor: ProcessPoolExecutor
    up: list["Future[None]"]

    @property
    def ready(self) -> bool:
        return all(one.done() and not one.cancelled() and not one.exception() for one in self.up)


class IntakeProcesses:
    """Takes mails in, in this process or, while there is a rush, in up to `most` others."""

    def __init__(self, most: int) -> None:
        self._most = most
        self._pool: _Pool | None = None
        self._lock = threading.Lock()
        self._under_way = 0
        self._used_at = 0.0
        self._not_before = 0.0

    @property
    def running(self) -> bool:
        """Whether mails are taken in by other processes now."""
        pool = self._pool
        return pool is not None and pool.ready

    def accept(self, raw: bytes, **about: Any) -> str:
        """Do what `intake.accept` does and return the mail's state; raises what that raises. From any thread.

        A process that dies may have stored the mail or not. It is taken in here then, as when its sender sends it
        again: from a file that is there already it goes the long way, and a row that is there makes it a duplicate.
        """
        with self._one_more() as pool:
            if pool is None or not pool.ready:
                return _accept(raw, about)
            try:
                return pool.executor.submit(_accept_there, raw, about).result()
            except BrokenProcessPool:
                _log.error("A process that took mail in has died. The mail is taken in by the worker itself.")
                self._drop(pool)
                return _accept(raw, about)

    def close(self) -> None:
        """End the processes once what they do is done."""
        self._most = 0
        if self._pool:
            self._drop(self._pool)

    @contextmanager
    def _one_more(self) -> Iterator[_Pool | None]:
        """Count a mail while it is taken in, and give the processes, which nobody lets go meanwhile."""
        with self._lock:
            self._under_way += 1
            self._used_at = time.monotonic()
            if self._pool is None and self._under_way >= RUSH and self._most and self._used_at >= self._not_before:
                self._pool = self._come()
            pool = self._pool
        try:
            yield pool
        finally:
            with self._lock:
                self._under_way -= 1

    def _come(self) -> _Pool | None:
        try:
            pool = _start(self._most)
        except (OSError, BrokenProcessPool) as error:
            self._not_before = time.monotonic() + _PAUSE
            _log.error("No more processes could be started to take mail in (%s). The worker does it alone.", error)
            return None
        threading.Thread(target=self._watch, args=(pool,), name="intake", daemon=True).start()
        return pool

    def _watch(self, pool: _Pool) -> None:
        """Say when the processes are there, and let them go when the rush is over."""
        try:
            for one in pool.up:
                one.result()
        except BrokenProcessPool:
            _log.error("No more processes could be started to take mail in. The worker does it alone.")
            self._drop(pool)
        else:
            _log.info("Mail comes in a rush and is taken in by %s processes.", len(pool.up))
        while self._pool is pool:
            time.sleep(_QUIET / 10)
            with self._lock:
                if self._under_way or time.monotonic() - self._used_at <= _QUIET or self._pool is not pool:
                    continue
                self._pool = None
            pool.executor.shutdown(wait=False)

    def _drop(self, pool: _Pool) -> None:
        with self._lock:
            if self._pool is not pool:
                return
            self._pool = None
            self._not_before = time.monotonic() + _PAUSE
        pool.executor.shutdown(wait=False)


def _start(most: int) -> _Pool:
    # A fork would copy locks that other threads hold.
    executor = ProcessPoolExecutor(most, mp_context=multiprocessing.get_context("spawn"), initializer=_begin)
    return _Pool(executor, [executor.submit(_wait_for_others) for _number in range(most)])


def _begin() -> None:
    """Make this new process ready: with Django, deaf to Ctrl-C, which is the worker's, and gone when the worker is."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    threading.Thread(target=_end_with_worker, name="parent", daemon=True).start()
    django.setup()
    from postroom.channels.mail import intake  # noqa: F401  (loaded before the first mail comes)


def _end_with_worker() -> None:
    worker = multiprocessing.parent_process()
    if worker:
        worker.join()
    os._exit(1)


def _wait_for_others() -> None:
    """Long enough that one process does not answer for two."""
    time.sleep(0.2)


def _accept_there(raw: bytes, about: dict[str, Any]) -> str:
    """Take a mail in as the door's own threads do: on a connection that works."""
    from postroom.channels.mail.transports.threads import with_connection

    return with_connection(lambda: _accept(raw, about))


def _accept(raw: bytes, about: dict[str, Any]) -> str:
    from postroom.channels.mail.intake import accept

    return accept(raw, **about).state
