"""The inner side of `confined`: a process that limits itself, reads one question, answers and ends."""

import resource
import signal
import sys
from collections.abc import Callable
from pathlib import Path

_SECONDS = 10
_LIFE = 30  # should nobody be left to end it


def answer_once(understand: Callable[[], Callable[[bytes], bytes]]) -> None:
    """Answer the question on standard input; the one argument is how many bytes of memory may be taken.

    `understand` imports what is needed and returns what answers; it is called under the limits: that costs memory, too.
    """
    _confine(int(sys.argv[1]))
    answer = understand()
    sys.stdout.buffer.write(answer(sys.stdin.buffer.read()))
    sys.stdout.buffer.flush()


def _confine(memory: int) -> None:
    # Whoever stops Postroom lets this finish: a stop says nothing about what is read.
    for one in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(one, signal.SIG_IGN)
    signal.alarm(_LIFE)
    _limit(resource.RLIMIT_AS, _size() + memory)
    _limit(resource.RLIMIT_CPU, _SECONDS)
    _limit(resource.RLIMIT_CORE, 0)  # it may hold private keys
    _limit(resource.RLIMIT_FSIZE, 0)


def _limit(what: int, value: int) -> None:
    _soft, hard = resource.getrlimit(what)
    value = value if hard == resource.RLIM_INFINITY else min(value, hard)
    resource.setrlimit(what, (value, value))


def _size() -> int:
    """Return how much address space this process has already."""
    try:
        return int(Path("/proc/self/statm").read_text().split()[0]) * resource.getpagesize()
    except OSError:
        return 256 * 1024 * 1024  # not Linux
