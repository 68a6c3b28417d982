"""The process that opens protected mail: it limits itself, reads one question, answers and ends.

Started by `confined`. It imports no Django and knows no setting; what it may know comes through its standard input.
"""

import resource
import signal
import sys
from pathlib import Path

_SECONDS = 10
_LIFE = 30  # should nobody be left to end it


def main() -> None:
    """Answer the question on standard input; the one argument is how many bytes of memory may be taken."""
    _confine(int(sys.argv[1]))
    # Imported under the limits: they cost memory, too.
    from postroom.channels.mail.protection.answering import answer

    sys.stdout.buffer.write(answer(sys.stdin.buffer.read()))
    sys.stdout.buffer.flush()


def _confine(memory: int) -> None:
    # Whoever stops Postroom lets this finish: a stop says nothing about the mail.
    for one in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(one, signal.SIG_IGN)
    signal.alarm(_LIFE)
    _limit(resource.RLIMIT_AS, _size() + memory)
    _limit(resource.RLIMIT_CPU, _SECONDS)
    _limit(resource.RLIMIT_CORE, 0)  # it holds private keys
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


if __name__ == "__main__":
    main()
