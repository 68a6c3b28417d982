"""A child's tie to its supervisor: a pipe that nobody writes to. When it closes, the supervisor is gone."""

import os
import signal
import threading
import time

# How long a child that lost its supervisor may take to finish what it does.
_GRACE = 5.0


def end_with_parent() -> None:
    """Stop this process when its supervisor dies, however it dies. Without a supervisor this does nothing."""
    if pipe := os.environ.pop("POSTROOM_INTERNAL_PARENT", ""):
        threading.Thread(target=_watch, args=(int(pipe),), name="parent", daemon=True).start()


def _watch(pipe: int) -> None:
    os.read(pipe, 1)
    os.kill(os.getpid(), signal.SIGTERM)
    time.sleep(_GRACE)
    os._exit(1)
