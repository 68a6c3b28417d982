"""How fast a program may ask. Counted in this process: several web processes allow so much each."""

import threading
import time
from dataclasses import dataclass

# Tokens that were not seen for a while are forgotten, so that the table stays small.
_MOST = 5000


@dataclass(frozen=True)
class Pace:
    """So many at once, and then so many a second."""

    burst: int
    a_second: float


READING = Pace(burst=120, a_second=5.0)
# What a program gone wild may send before somebody ends its token.
WRITING = Pace(burst=30, a_second=0.5)


class Buckets:
    """What is left to each key: a level, and when it was that."""

    def __init__(self) -> None:
        self._left: dict[tuple[int, Pace], tuple[float, float]] = {}
        self._lock = threading.Lock()

    def wait(self, key: int, pace: Pace, *, now: float | None = None) -> int:
        """Take one; return 0, or how many seconds to wait when there is none left."""
        moment = time.monotonic() if now is None else now
        with self._lock:
            left, since = self._left.pop((key, pace), (float(pace.burst), moment))
            left = min(float(pace.burst), left + (moment - since) * pace.a_second)
            wait = 0 if left >= 1 else int((1 - left) / pace.a_second) + 1
            # Put back at the end: the first are those that nobody has asked for longest.
            self._left[key, pace] = (left if wait else left - 1, moment)
            if len(self._left) > _MOST:
                del self._left[next(iter(self._left))]
        return wait


BUCKETS = Buckets()
