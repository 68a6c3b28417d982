"""Keeps Postroom's processes running, and ends them at random instants without a chance to tidy up."""

import os
import random
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path

from tests.servers import processes

# How often one of its children is killed a moment before itself.
_OF_ITS_OWN = 0.4


@dataclass
class Victim:
    """One kind of process, started again each time it was killed; `tidy` is done while none of it lives."""

    word: str
    environment: dict[str, str]
    log: Path
    chance: random.Random
    tidy: Callable[[], None] = lambda: None
    kills: int = 0
    children_killed: int = 0
    process: subprocess.Popen[bytes] | None = None
    _sparing: threading.Event = field(default_factory=threading.Event)
    _thread: threading.Thread | None = None
    _stop: threading.Event = field(default_factory=threading.Event)

    def begin(self, *, kills: int) -> None:
        """Start it, and kill it this often."""
        self._thread = threading.Thread(target=self._go, args=(kills,), name=f"killer of {self.word}", daemon=True)
        self._thread.start()

    @property
    def is_done(self) -> bool:
        """Tell whether it was killed as often as asked."""
        return self._sparing.is_set()

    def restart(self) -> None:
        """Kill it once more; it is started again."""
        if self.process:
            self.process.kill()

    def end(self) -> None:
        """Let the last one stop in its own time."""
        self._stop.set()
        if self._thread:
            self._thread.join(timeout=30)
        if self.process:
            processes.stop(self.process)

    def _go(self, kills: int) -> None:
        self._start()
        while self.kills < kills and not self._stop.is_set():
            # Some die while they start; most in the middle of their work.
            self._stop.wait(self.chance.choice((0.3, 1.0, 1.5, 2.0, 2.5, 4.0)) * (0.5 + self.chance.random()))
            assert self.process
            if self.chance.random() < _OF_ITS_OWN:
                self._kill_one_of_its_own(self.process.pid)
                self._stop.wait(0.3)
            died = self.process.poll() is not None
            self.process.kill()
            self.process.wait(timeout=30)
            # One that could not start, on a full disk say, was not killed by us.
            self.kills += not died
            self.tidy()
            self._start()
        self._sparing.set()
        while not self._stop.wait(0.5):
            if self.process and self.process.poll() is not None:
                self.tidy()
                self._start()

    def _kill_one_of_its_own(self, pid: int) -> None:
        """A rush of mail has processes of the worker's own take it in; they can die alone, too."""
        if children := processes.children(pid):
            with suppress(ProcessLookupError):
                os.kill(self.chance.choice(children), signal.SIGKILL)
                self.children_killed += 1

    def _start(self) -> None:
        time.sleep(0.02)
        command = [sys.executable, "-m", "postroom", self.word]
        self.process = processes.start(command, user=None, output=self.log, environment=self.environment)
