"""What goes wrong around Postroom while it works: servers, the disk, the database."""

import contextlib
import random
import subprocess
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from tests.torture.wire import GOOD, TROUBLES, Wire


@dataclass
class Weather:
    """Calls one trouble after another, until it is asked to clear up; `met` counts them."""

    chance: random.Random
    troubles: dict[str, Callable[[random.Random], None]]
    met: dict[str, int] = field(default_factory=dict)
    _stop: threading.Event = field(default_factory=threading.Event)
    _clear: threading.Event = field(default_factory=threading.Event)

    def begin(self) -> None:
        """Let it become bad."""
        threading.Thread(target=self._go, name="weather", daemon=True).start()

    def clear_up(self) -> None:
        """Let it become good, and stay so."""
        self._stop.set()
        assert self._clear.wait(timeout=60)

    def _go(self) -> None:
        while not self._stop.wait(self.chance.uniform(0.5, 3.0)):
            name = self.chance.choice(sorted(self.troubles))
            self.troubles[name](self.chance)
            self.met[name] = self.met.get(name, 0) + 1
        self._clear.set()
        # The kernel ends servers with the thread that started them (tests/servers/processes.py): so it stays.
        threading.Event().wait()


def troubled(wire: Wire) -> Callable[[random.Random], None]:
    """Return a trouble: for some seconds the server behind this wire is dead, silent, mad or cut off."""

    def trouble(chance: random.Random) -> None:
        wire.change(chance.choice(TROUBLES))
        time.sleep(chance.uniform(0.5, 3.0))
        wire.change(GOOD)

    return trouble


@contextmanager
def small_disk(folder: Path, *, megabytes: int) -> Iterator[Callable[[random.Random], None] | None]:
    """Mount a disk of this size on the folder; give the trouble that fills it, or None where nobody may mount."""
    mounted = subprocess.run(
        ["mount", "-t", "tmpfs", "-o", f"size={megabytes}m,mode=0700", "tmpfs", str(folder)],
        capture_output=True,
        check=False,
    )
    if mounted.returncode:
        yield None
        return

    def fill(chance: random.Random) -> None:
        ballast = folder / "ballast"
        with contextlib.suppress(OSError), ballast.open("wb", buffering=0) as file:
            while True:
                file.write(b"\0" * 1_000_000)
        # Down to the last byte.
        with contextlib.suppress(OSError), ballast.open("ab", buffering=0) as file:
            while True:
                file.write(b"\0" * 512)
        time.sleep(chance.uniform(0.5, 2.5))
        ballast.unlink()

    try:
        yield fill
    finally:
        subprocess.run(["umount", "--lazy", str(folder)], capture_output=True, check=False)
