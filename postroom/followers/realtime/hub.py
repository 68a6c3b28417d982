"""All streams of one process and the tail that feeds them."""

import asyncio
from collections import defaultdict
from collections.abc import Callable, Collection

from postroom.core.events.log import Position
from postroom.followers.realtime.presence import Told
from postroom.followers.realtime.presence_tail import PresenceTail
from postroom.followers.realtime.streams import Stream
from postroom.followers.realtime.tail import Frames, Tail


class Hub:
    """Opens and closes streams; everything but `listeners` belongs to the event loop."""

    def __init__(self) -> None:
        self._streams: dict[int, set[Stream]] = defaultdict(set)
        self._tail: Tail | None = None
        self._presence: PresenceTail | None = None
        self._reached = Position()
        self._closed = False

    def start(self, end: Position) -> None:
        """Follow the log from here, unless it is followed already: a process without browsers reads nothing."""
        if self._tail is None and not self._closed:
            self._reached = end
            loop = asyncio.get_running_loop()
            self._tail = Tail(
                end, listeners=self.listeners, hand_over=lambda read: _in(loop, lambda: self._deliver(read))
            )
            self._presence = PresenceTail(
                listeners=self.listeners,
                unaware=self.unaware,
                hand_over=lambda told: _in(loop, lambda: self._tell(told)),
            )

    @property
    def started(self) -> bool:
        return self._tail is not None

    @property
    def reached(self) -> Position:
        """The position up to which every open stream has been given its frames."""
        return self._reached

    def listeners(self) -> Collection[int]:
        """Return the people with an open stream; called from the tail's thread."""
        # list() of a dict is one step for the interpreter: nobody changes it meanwhile.
        return list(self._streams)

    def unaware(self) -> Collection[int]:
        """Return the people with a stream that has not been told who is here; called from the presence's thread."""
        everybody = list(self._streams.items())
        return [user_id for user_id, streams in everybody if any(stream.unaware for stream in list(streams))]

    def streams(self) -> list[Stream]:
        """Return the open streams."""
        return [stream for streams in self._streams.values() for stream in streams]

    def open(self, stream: Stream) -> None:
        """Feed this stream from now on."""
        self._streams[stream.user_id].add(stream)
        if self._closed:
            stream.close()

    def forget(self, stream: Stream) -> None:
        """Feed it no more."""
        stream.close()
        self._streams[stream.user_id].discard(stream)
        if not self._streams[stream.user_id]:
            del self._streams[stream.user_id]

    def beat(self) -> None:
        """Let every stream say that it lives."""
        for stream in self.streams():
            stream.beat(self._reached)

    def close(self) -> None:
        """End all streams and the tail; what they missed they read when they come back."""
        self._closed = True
        for stream in self.streams():
            stream.close()
        for tail in (self._tail, self._presence):
            if tail:
                tail.stop()

    def _deliver(self, read: Frames) -> None:
        self._reached = read.end
        for user_id, frames in read.by_user.items():
            for stream in self._streams.get(user_id, ()):
                stream.put(frames)

    def _tell(self, told: Told) -> None:
        """Hand out who came and went; a stream that was not told anything yet waits for all of it."""
        for user_id, streams in self._streams.items():
            for stream in streams:
                frames = told.wholes if stream.unaware else told.changes
                if user_id not in frames:
                    continue
                stream.unaware = False
                if frame := frames[user_id]:
                    stream.tell(frame)


def _in(loop: asyncio.AbstractEventLoop, call: Callable[[], None]) -> None:
    if not loop.is_closed():
        loop.call_soon_threadsafe(call)
