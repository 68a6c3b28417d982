"""Postroom itself in processes of its own, on the database and data folder of the test."""

import os
import subprocess
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from urllib.error import HTTPError
from urllib.request import urlopen

from tests.servers import processes

_ROOT = Path(__file__).resolve().parents[2]
_PATIENCE = 90.0


@dataclass
class Running:
    """One started command; `output` is all it said."""

    process: subprocess.Popen[bytes]
    log: Path
    url: str = ""
    lmtp_port: int = 0

    @property
    def output(self) -> str:
        """What it wrote so far, on both channels."""
        return self.log.read_text(errors="replace")

    def wait(self) -> int:
        """Wait for its end and return the exit code, negative for a signal."""
        return self.process.wait(timeout=_PATIENCE)

    def wait_for(self, ready: Callable[[], object], *, what: str) -> None:
        """Wait until `ready` says so; an AssertionError with the output when it takes half a minute."""
        deadline = time.monotonic() + _PATIENCE
        while not ready():
            assert time.monotonic() < deadline, f"{what} did not come. Output:\n{self.output[-4000:]}"
            time.sleep(0.02)

    def stop(self) -> int:
        """Ask it to stop, as Ctrl-C or a service manager does, and return its exit code."""
        processes.stop(self.process)
        return self.process.returncode

    def kill(self) -> None:
        """End it by SIGKILL, with no chance to tidy up."""
        self.process.kill()
        self.process.wait(timeout=_PATIENCE)


@dataclass
class Installation:
    """A data folder and a database, and the `postroom` command on them. Settings go in as keyword arguments."""

    folder: Path
    environment: dict[str, str]
    started: list[Running] = field(default_factory=list)

    def command(self, *words: str, stdin: bytes = b"", **settings: str) -> subprocess.CompletedProcess[bytes]:
        """Run `postroom WORDS` to its end; look at returncode, stdout and stderr."""
        return subprocess.run(
            _postroom(*words),
            input=stdin,
            capture_output=True,
            env=self.environment | settings,
            cwd=_ROOT,
            timeout=120,
            check=False,
        )

    def start(self, *words: str, **settings: str) -> Running:
        """Start `postroom WORDS` and leave it running; it is stopped when the test ends."""
        log = self.folder / f"{len(self.started)}-{words[0]}.log"
        process = processes.start(_postroom(*words), user=None, output=log, environment=self.environment | settings)
        running = Running(process, log)
        self.started.append(running)
        return running

    def run(self, *words: str, **settings: str) -> Running:
        """Start everything (`postroom run`) on free ports and wait until pages and LMTP answer."""
        port, lmtp_port = processes.free_port(), processes.free_port()
        running = self.start("run", "--port", str(port), *words, POSTROOM_LMTP_PORT=str(lmtp_port), **settings)
        running.url, running.lmtp_port = f"http://127.0.0.1:{port}", lmtp_port
        processes.wait_until(
            lambda: _serves(running.url) and processes.answers(lmtp_port), process=running.process, log=running.log
        )
        return running

    def stop(self) -> None:
        """Stop whatever still runs."""
        for running in self.started:
            running.stop()


def _postroom(*words: str) -> list[str]:
    return [sys.executable, "-m", "postroom", *words]


def _serves(url: str) -> bool:
    try:
        with urlopen(url, timeout=5):
            return True
    except HTTPError:
        return True
    except OSError:
        return False


def installation(folder: Path, *, data: Path, database_url: str) -> Installation:
    """Return the installation on this data folder and database (empty: SQLite in the data folder)."""
    environment = {name: value for name, value in os.environ.items() if not name.startswith("POSTROOM_")}
    environment |= {"POSTROOM_DATA": str(data), "POSTROOM_DATABASE_URL": database_url, "PYTHONUNBUFFERED": "1"}
    environment["POSTROOM_INSIDE_HOSTS"] = processes.HERE
    # As the tests of this process see the pages (tests/engine.py).
    environment["POSTROOM_MIRRORED"] = os.environ.get("POSTROOM_MIRRORED", "no")
    return Installation(folder, environment)
