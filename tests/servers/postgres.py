"""A PostgreSQL cluster of our own: in a temporary folder, on a socket in it, gone afterwards."""

import os
import shutil
import signal
import subprocess
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType

from tests.servers import processes

_SETTINGS = {
    "listen_addresses": "",
    "max_connections": "120",
    "shared_buffers": "64MB",
    # The cluster lives as long as the tests; a power cut is tested elsewhere.
    "fsync": "off",
    "full_page_writes": "off",
    "autovacuum": "off",
}


@dataclass
class Cluster:
    """A running cluster; whoever may open its folder is its superuser `postgres`."""

    folder: Path
    user: str | None
    command: list[str | Path]
    process: subprocess.Popen[bytes]

    @classmethod
    def start(cls, *, settings: Mapping[str, str] = MappingProxyType(_SETTINGS)) -> "Cluster":
        """Make a cluster and start it; takes about two seconds."""
        user = processes.unprivileged("postgres")
        folder = processes.folder("postgres", user=user)
        binaries = _binaries()
        how = ["-U", "postgres", "-A", "trust", "-E", "UTF8", "--locale=C.UTF-8", "--no-sync"]
        processes.run([binaries / "initdb", "-D", folder / "data", *how], user=user)
        options = [option for name, value in settings.items() for option in ("-c", f"{name}={value}")]
        command: list[str | Path] = [binaries / "postgres", "-D", folder / "data", "-k", folder, *options]
        cluster = cls(folder, user, command, _launch(command, folder, user=user))
        processes.run(
            [binaries / "createdb", "-h", folder, "-U", "postgres", "postroom"],
            user=user,
        )
        return cluster

    def url(self, database: str) -> str:
        """Return the address of a database as POSTROOM_DATABASE_URL wants it."""
        return f"postgresql://postgres@/{database}?host={self.folder}"

    def restart(self, *, sign: signal.Signals) -> None:
        """End it as told (SIGINT: at once but in order; SIGQUIT: as a crash does) and start it again on its data."""
        processes.stop(self.process, sign=sign)
        self.process = _launch(self.command, self.folder, user=self.user)

    def stop(self) -> None:
        """End it and take its folder away."""
        processes.stop(self.process, sign=signal.SIGINT)
        shutil.rmtree(self.folder, ignore_errors=True)


def _launch(command: list[str | Path], folder: Path, *, user: str | None) -> subprocess.Popen[bytes]:
    log = folder / "log"
    said = log.read_text().count("ready to accept") if log.exists() else 0
    process = processes.start(command, user=user, output=log)
    processes.wait_until(lambda: log.read_text().count("ready to accept") > said, process=process, log=log)
    return process


def _binaries() -> Path:
    """Return the folder of the newest server: Debian keeps it off the PATH."""
    found = [path.parent for path in Path("/usr/lib/postgresql").glob("*/bin/initdb")]
    if found:
        return max(found, key=lambda path: float(path.parent.name))
    on_path = shutil.which("initdb", path=os.environ.get("PATH", ""))
    if not on_path:
        raise RuntimeError("PostgreSQL is not installed here: apt install postgresql, or run bin/test --quick.")
    return Path(on_path).resolve().parent
