"""What somebody else does at the same time."""

from collections.abc import Iterator
from contextlib import contextmanager
from threading import Thread


@contextmanager
def in_thread(target: Thread) -> Iterator[None]:
    """Let it run beside what is inside, and end before what follows."""
    target.start()
    yield
    target.join()
