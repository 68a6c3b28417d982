"""ClamAV's daemon with a signature of our own: in a temporary folder, on a free port, and harmless."""

import os
import shutil
import subprocess
from dataclasses import dataclass
from pathlib import Path

from tests.servers import processes

# What it takes for a virus, and what it calls it. No real one is needed, nor the large file of real signatures.
VIRUS = b"this is the harmless virus of postroom's tests"
FOUND = "Postroom.Test.UNOFFICIAL"

_CONF = """Foreground yes
TCPSocket {port}
TCPAddr 127.0.0.1
DatabaseDirectory {folder}/signatures
StreamMaxLength 60M
MaxThreads 2
ConcurrentDatabaseReload no
TemporaryDirectory {folder}
"""


@dataclass
class Scanner:
    """A running scanner; `address` is as POSTROOM_CLAMD takes it."""

    folder: Path
    port: int
    process: subprocess.Popen[bytes]

    @property
    def address(self) -> str:
        return f"127.0.0.1:{self.port}"

    @classmethod
    def start(cls) -> "Scanner":
        """Start it; RuntimeError when it does not come."""
        program = shutil.which("clamd", path=f"{os.environ['PATH']}:/usr/sbin")
        if not program:
            raise RuntimeError("ClamAV is not installed here: apt install clamav-daemon, or run bin/test --quick.")
        user = processes.unprivileged("nobody")
        folder = processes.folder("clamav", user=user)
        (folder / "signatures").mkdir()
        (folder / "signatures" / "postroom.ndb").write_text(f"Postroom.Test:0:*:{VIRUS.hex()}\n")
        port = processes.free_port()
        conf = folder / "clamd.conf"
        conf.write_text(_CONF.format(port=port, folder=folder))
        for path in (folder, *folder.rglob("*")):
            path.chmod(0o755 if path.is_dir() else 0o644)
            if user:
                processes.give(path, user=user)
        log = folder / "log"
        process = processes.start([program, "--config-file", conf], user=user, output=log)
        processes.wait_until(lambda: processes.answers(port), process=process, log=log)
        return cls(folder, port, process)

    def stop(self) -> None:
        """End it and leave nothing behind."""
        processes.stop(self.process)
        shutil.rmtree(self.folder, ignore_errors=True)
