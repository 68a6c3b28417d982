"""Keep child processes running until asked to stop."""

import os
import signal
import subprocess
import sys
import threading
import time
from dataclasses import dataclass, field

from postroom.faces.cli.say import complain, say

_TICK = 0.1
_FIRST_WAIT, _LONGEST_WAIT = 0.5, 30.0
# Having run this long, a child that ends is one that worked.
_WORKED = 60.0
_PATIENCE = 5.0
# sysexits.h: a setting is wrong. Trying again would say the same again.
_BAD_SETTING = 78


@dataclass
class Child:
    """One process to keep: its command's word, what people call it, and the descriptors and settings it inherits."""

    word: str
    name: str
    descriptors: tuple[int, ...] = ()
    environment: dict[str, str] = field(default_factory=dict)
    process: subprocess.Popen[bytes] | None = None
    started: float = 0.0
    wait: float = _FIRST_WAIT
    again_at: float | None = None

    def start(self, *, tie: int) -> None:
        """Start it, tied to this process by the read end of a pipe."""
        self.process = subprocess.Popen(
            [sys.executable, "-m", "postroom", self.word],
            env={**os.environ, **self.environment, "POSTROOM_INTERNAL_PARENT": str(tie)},
            pass_fds=(tie, *self.descriptors),
            stdin=subprocess.DEVNULL,
            # Ctrl-C is for the supervisor: it tells the children in its own words.
            process_group=0,
        )
        self.started, self.again_at = time.monotonic(), None


class Supervisor:
    """Starts the children, starts them again when they die, and ends them together."""

    def __init__(self, children: list[Child]) -> None:
        self._children = children
        self._stopping = threading.Event()
        # Never written to, and not inherited: it closes when this process ends, even by SIGKILL.
        self._tie, self._held = os.pipe()
        self._code = 0

    def start(self) -> None:
        """Start all children, and stop on Ctrl-C and SIGTERM from now on."""
        for number in (signal.SIGINT, signal.SIGTERM):
            signal.signal(number, self._asked_to_stop)
        for child in self._children:
            child.start(tie=self._tie)

    def keep(self) -> int:
        """Look after the children until asked to stop, then end them; return the exit code."""
        while not self._stopping.wait(_TICK):
            self.look()
        self._end()
        return self._code

    def look(self) -> None:
        """Start again what has died."""
        for child in self._children:
            self._look_after(child)

    def stop(self, *, code: int = 0) -> None:
        """Make `keep` end."""
        self._code = self._code or code
        self._stopping.set()

    @property
    def stopping(self) -> bool:
        return self._stopping.is_set()

    def _asked_to_stop(self, *_signal: object) -> None:
        if self._stopping.is_set():
            # Asked twice: somebody is in a hurry.
            for child in self._running():
                child.kill()
        self._stopping.set()

    def _look_after(self, child: Child) -> None:
        if child.again_at is not None:
            if time.monotonic() >= child.again_at:
                child.start(tie=self._tie)
            return
        code = child.process.poll() if child.process else None
        if code is None:
            return
        if code == _BAD_SETTING:
            # The child has said which.
            self.stop(code=code)
            return
        if time.monotonic() - child.started > _WORKED:
            child.wait = _FIRST_WAIT
        how = f"was ended by {signal.Signals(-code).name}" if code < 0 else f"ended with code {code}"
        complain(f"The {child.name} {how}. Nothing is lost; it starts again in {child.wait:g} s.")
        child.again_at = time.monotonic() + child.wait
        child.wait = min(child.wait * 2, _LONGEST_WAIT)

    def _running(self) -> list[subprocess.Popen[bytes]]:
        return [child.process for child in self._children if child.process and child.process.poll() is None]

    def _end(self) -> None:
        for process in self._running():
            process.terminate()
        deadline = time.monotonic() + _PATIENCE
        while self._running() and time.monotonic() < deadline:
            time.sleep(0.02)
        for process in self._running():
            complain(f"Process {process.pid} did not end in {_PATIENCE:g} s and was killed. Nothing is lost.")
            process.kill()
            process.wait()
        say("Stopped.")
