"""One reader of presence for all the browsers of a process, beside the one of the log."""

import logging
from collections.abc import Callable, Collection
from threading import Event as Flag
from threading import Thread

from django.db import InterfaceError, OperationalError, connection

from postroom.core.conversations.presence import Present, present
from postroom.followers.realtime.presence import Told, told
from postroom.lib import clock

_log = logging.getLogger(__name__)

# Seconds. The table holds a row for each open conversation: reading it costs less than a millisecond.
_INTERVAL = 0.25


class PresenceTail:
    """A thread that looks four times a second who is where, and hands over what is new; without listeners it rests."""

    def __init__(
        self,
        *,
        listeners: Callable[[], Collection[int]],
        unaware: Callable[[], Collection[int]],
        hand_over: Callable[[Told], None],
    ) -> None:
        self._listeners = listeners
        self._unaware = unaware
        self._hand_over = hand_over
        self._known: Present = {}
        self._stop = Flag()
        self._thread = Thread(target=self._run, name="presence", daemon=True)
        self._thread.start()

    def stop(self) -> None:
        """Ask the thread to end; it does within one interval."""
        self._stop.set()

    def _run(self) -> None:
        try:
            while not self._stop.wait(_INTERVAL):
                if self._listeners():
                    self._step()
        finally:
            connection.close()

    def _step(self) -> None:
        try:
            # Who is new is asked first: a stream that opens meanwhile is told everything the next time.
            unaware, listeners = self._unaware(), self._listeners()
            now = present(now=clock.now())
            if unaware or now != self._known:
                self._hand_over(told(self._known, now, listeners=listeners, unaware=unaware))
        except (OperationalError, InterfaceError) as error:
            _log.warning("Who is here waits for the database: %s", error)
            connection.close()
            self._stop.wait(1)
            return
        self._known = now
