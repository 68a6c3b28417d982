"""The open streams of one process: each with a short queue, fed by the one tail. All of it runs in the event loop."""

import asyncio
from collections import deque
from collections.abc import Iterable

from postroom.core.events.log import Position
from postroom.followers.realtime.hints import heartbeat

# More than this waiting and the stream reads the log again from where it is, when its browser takes bytes again.
_QUEUE = 200
# More than this of who is here, and it is told once more from the beginning.
_TOLD = 50


class Stream:
    """What one browser is still to be sent."""

    __slots__ = (
        "_beat",
        "_frames",
        "_told",
        "_wake",
        "behind",
        "closed",
        "ip",
        "session_key",
        "signed_out",
        "unaware",
        "user_id",
    )

    def __init__(self, user_id: int, *, session_key: str, ip: str = "") -> None:
        self.user_id = user_id
        self.session_key = session_key
        # Where its browser is.
        self.ip = ip
        self.closed = False
        self.signed_out = False
        # True: frames may be missing here, the log has them.
        self.behind = True
        # True: it has not been told who is here.
        self.unaware = True
        self._frames: deque[tuple[Position, bytes]] = deque()
        self._told: list[bytes] = []
        self._beat: Position | None = None
        self._wake = asyncio.Event()

    def put(self, frames: Iterable[tuple[Position, bytes]]) -> None:
        """Queue frames; when they are too many forget them all and be behind."""
        if self.behind:
            # Whoever catches up reads the log after this moment and finds them there.
            self._wake.set()
            return
        self._frames.extend(frames)
        if len(self._frames) > _QUEUE:
            self.fall_behind()
        self._wake.set()

    def tell(self, frame: bytes) -> None:
        """Queue what is in no log and has no place there: who is here."""
        self._told.append(frame)
        if len(self._told) > _TOLD:
            self._told.clear()
            self.unaware = True
        self._wake.set()

    def fall_behind(self) -> None:
        """Forget the queue; the log is read again."""
        self._frames.clear()
        self.behind = True

    def catching_up(self) -> None:
        """Begin to queue again, before the log is read: what comes meanwhile may be there twice, never not at all."""
        self.behind = False

    def beat(self, position: Position) -> None:
        """Say that the connection lives and that nothing up to the position is missing."""
        self._beat = position
        self._wake.set()

    def close(self) -> None:
        """End the stream after what is queued."""
        self.closed = True
        self._wake.set()

    def sign_out(self) -> None:
        """End the stream and say why."""
        self.signed_out = True
        self.close()

    async def wait(self) -> None:
        """Return when there is something to send or the stream is closed or behind."""
        if not (self._frames or self._told or self._beat or self.closed or self.behind):
            self._wake.clear()
            await self._wake.wait()

    def take(self, *, after: Position) -> tuple[Position, bytes]:
        """Return all that is queued after the position as one piece, and the new position."""
        pieces = []
        while self._frames:
            position, frame = self._frames.popleft()
            if position > after:
                after = position
                pieces.append(frame)
        if self._beat and self._beat >= after:
            after = self._beat
            pieces.append(heartbeat(at=after))
        self._beat = None
        pieces += self._told
        self._told.clear()
        return after, b"".join(pieces)
