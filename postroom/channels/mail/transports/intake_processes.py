"""More processes for a rush of mail: one interpreter understands one mail at a time, however many threads it has."""

import logging
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from postroom.channels.mail.transports.intake_process import IntakeProcess, ProcessGone, accept_here

_log = logging.getLogger("postroom.mail.intake")

# So many mails at once mean that they wait for each other: as many as the door has threads.
RUSH = 4
# Seconds without mail after which the processes end: each holds memory that a quiet team has better use for.
_QUIET = 60.0
# Seconds until new ones are tried after some died or did not come up.
_PAUSE = 60.0


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
            process = pool.take() if pool else None
            if pool is None or process is None:
                return accept_here(raw, about)
            try:
                return process.accept(raw, about)
            except ProcessGone:
                _log.error("A process that took mail in has died. The mail is taken in by the worker itself.")
                self._drop(pool)
                return accept_here(raw, about)
            finally:
                pool.give_back(process)

    def close(self) -> None:
        """End the processes once what they do is done."""
        self._most = 0
        if self._pool:
            self._drop(self._pool)

    @contextmanager
    def _one_more(self) -> "Iterator[_Pool | None]":
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

    def _come(self) -> "_Pool | None":
        try:
            pool = _Pool(self._most)
        except OSError as error:
            self._not_before = time.monotonic() + _PAUSE
            _log.error("No more processes could be started to take mail in (%s). The worker does it alone.", error)
            return None
        threading.Thread(target=self._watch, args=(pool,), name="intake", daemon=True).start()
        return pool

    def _watch(self, pool: "_Pool") -> None:
        """Say when the processes are there, and let them go when the rush is over."""
        try:
            pool.come_up()
        except ProcessGone:
            _log.error("No more processes could be started to take mail in. The worker does it alone.")
            self._drop(pool)
        else:
            _log.info("Mail comes in a rush and is taken in by %s processes.", self._most)
        while not pool.over.wait(_QUIET / 10):
            with self._lock:
                if self._under_way or time.monotonic() - self._used_at <= _QUIET:
                    continue
                self._pool = None
            pool.let_go()
        pool.wait()

    def _drop(self, pool: "_Pool") -> None:
        with self._lock:
            if self._pool is pool:
                self._pool = None
                self._not_before = time.monotonic() + _PAUSE
        pool.let_go()


class _Pool:
    """The processes, and which of them are free.

    One process is one thread's from `take` to `give_back`, so that nobody hangs up while another one listens.
    """

    def __init__(self, most: int) -> None:
        self.over = threading.Event()
        self.ready = False
        self._all: list[IntakeProcess] = []
        self._free: list[IntakeProcess] = []
        self._changed = threading.Condition()
        try:
            for _number in range(most):
                self._all.append(IntakeProcess())
        except OSError:
            for one in self._all:
                one.hang_up()
            raise

    def come_up(self) -> None:
        """Wait until all are ready for mail; ProcessGone when one is not going to be."""
        try:
            for one in self._all:
                one.come_up()
            self.ready = True
        finally:
            for one in self._all:
                self.give_back(one)

    def take(self) -> IntakeProcess | None:
        """Return one that is free, waited for if need be; None before they are up and when they are let go."""
        with self._changed:
            while self.ready and not self._free and not self.over.is_set():
                self._changed.wait()
            return self._free.pop() if self._free and self.ready else None

    def give_back(self, process: IntakeProcess) -> None:
        with self._changed:
            if not self.over.is_set():
                self._free.append(process)
                self._changed.notify()
                return
        process.hang_up()

    def let_go(self) -> None:
        """End those that are free now, and each of the others when it is given back."""
        with self._changed:
            self.over.set()
            free, self._free = self._free, []
            self._changed.notify_all()
        for one in free:
            one.hang_up()

    def wait(self) -> None:
        """Wait for their ends, once they are let go."""
        for one in self._all:
            one.wait()
