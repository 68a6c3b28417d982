"""Places where the tests kill a process, to see that nothing is lost or done twice. Without their setting: nothing."""

import os
import signal

# The name of one place, and behind a colon how often to pass it alive: "after_claim:2".
_NAME, _, _PASSES = os.environ.get("POSTROOM_TEST_KILL_AT", "").partition(":")
_passes_left = int(_PASSES or 0)


def killpoint(name: str) -> None:
    """Die here as by SIGKILL, when the tests ask for it by POSTROOM_TEST_KILL_AT."""
    global _passes_left  # noqa: PLW0603  (one process, one count)
    if name != _NAME:
        return
    if _passes_left:
        _passes_left -= 1
        return
    os.kill(os.getpid(), signal.SIGKILL)
