"""One reader of the log for all the browsers of a process."""

import logging
from collections.abc import Callable, Collection
from dataclasses import dataclass
from threading import Event as Flag
from threading import Thread

from django.db import InterfaceError, OperationalError, connection

from postroom.core.events import log
from postroom.core.events.log import Position
from postroom.core.events.models import Event
from postroom.followers.realtime.audience import audience
from postroom.followers.realtime.hints import hint
from postroom.followers.realtime.wake import Waker, waker

_log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Frames:
    """What a stretch of the log says to each person: (position, frame) in order; `end` is where the stretch ends."""

    end: Position
    by_user: dict[int, list[tuple[Position, bytes]]]


def frames(events: list[Event], *, user_ids: Collection[int]) -> Frames:
    """Turn a non-empty stretch of the log into frames, each made once however many are told of it.

    Of ten thousand changes at once no browser is told one by one: `bulk.went_on` tells of all, now and then.
    """
    single = [event for event in events if event.bulk_id is None]
    made: dict[int, bytes] = {}
    by_user = {
        user_id: [(Position.of(event), made.get(event.pk) or made.setdefault(event.pk, hint(event))) for event in told]
        for user_id, told in audience(single, user_ids=user_ids).items()
        if told
    }
    return Frames(end=Position.of(events[-1]), by_user=by_user)


class Tail:
    """A thread that follows the log from a position and hands over each stretch."""

    def __init__(
        self, start: Position, *, listeners: Callable[[], Collection[int]], hand_over: Callable[[Frames], None]
    ) -> None:
        self.position = start
        self._listeners = listeners
        self._hand_over = hand_over
        self._stop = Flag()
        # A daemon: a database that hangs must not keep the process from ending.
        self._thread = Thread(target=self._run, name="tail", daemon=True)
        self._thread.start()

    def stop(self) -> None:
        """Ask the thread to end; it does within one interval."""
        self._stop.set()

    def _run(self) -> None:
        wake = waker()
        try:
            while not self._stop.is_set():
                wake = self._step(wake)
        finally:
            connection.close()

    def _step(self, wake: Waker) -> Waker:
        """Read once; when the database is away keep the place, wait and begin anew with a new connection."""
        try:
            events = log.after(self.position)
            if not events:
                wake.wait(self._stop)
                return wake
            read = frames(events, user_ids=self._listeners())
        except (OperationalError, InterfaceError) as error:
            _log.warning("The event stream waits for the database: %s", error)
            connection.close()
            self._stop.wait(1)
            return waker()
        self.position = read.end
        self._hand_over(read)
        return wake
