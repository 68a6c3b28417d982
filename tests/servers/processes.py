"""Servers as child processes that end with the tests, however the tests end."""

import contextlib
import os
import pwd
import signal
import socket
import subprocess
import tempfile
import time
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

_PATIENCE = 30.0

# What POSTROOM_INSIDE_HOSTS has to allow, since every server of the tests is on this machine.
HERE = "127.0.0.0/8,localhost,::1"


def start(
    command: Sequence[str | Path], *, user: str | None, output: Path, environment: Mapping[str, str] | None = None
) -> subprocess.Popen[bytes]:
    """Start a server as `user` (None: as whom we are); the kernel ends it should the tests be killed."""
    guarded = ["setpriv", "--pdeathsig", "KILL", *_as(user), *map(str, command)]
    with output.open("ab") as log:
        return subprocess.Popen(
            guarded, stdin=subprocess.DEVNULL, stdout=log, stderr=log, env=environment, start_new_session=True
        )


def run(command: Sequence[str | Path], *, user: str | None) -> None:
    """Run a command as `user` to its end; what it said is in the error when it fails."""
    subprocess.run(["setpriv", *_as(user), *map(str, command)], check=True, capture_output=True, timeout=120)


def children(pid: int) -> list[int]:
    """Return the processes that this one started itself and that live."""
    found: list[int] = []
    for task in Path(f"/proc/{pid}/task").glob("*/children"):
        # A thread that has ended meanwhile.
        with contextlib.suppress(OSError):
            found += map(int, task.read_text().split())
    return found


def stop(process: subprocess.Popen[bytes], *, sign: signal.Signals = signal.SIGTERM) -> None:
    """End a server and wait for it; its whole group is killed when it does not go by itself."""
    if process.poll() is None:
        process.send_signal(sign)
        try:
            process.wait(timeout=10)
        except subprocess.TimeoutExpired:
            kill_group(process)


def kill_group(process: subprocess.Popen[bytes]) -> None:
    """Kill a server and all its children at once."""
    with contextlib.suppress(ProcessLookupError):
        os.killpg(process.pid, signal.SIGKILL)
    process.wait(timeout=10)


def folder(name: str, *, user: str | None) -> Path:
    """Make a temporary folder that `user` may write; its path is short, since it may hold sockets."""
    path = Path(tempfile.mkdtemp(prefix=f"postroom-{name}-"))
    if user:
        give(path, user=user)
    return path


def give(path: Path, *, user: str) -> None:
    """Make a file or folder this user's own."""
    account = pwd.getpwnam(user)
    os.chown(path, account.pw_uid, account.pw_gid)


def unprivileged(name: str) -> str | None:
    """Return the account for a server that will not run as root: None when we are not root ourselves."""
    if os.geteuid() != 0:
        return None
    try:
        pwd.getpwnam(name)
    except KeyError:
        return "nobody"
    return name


def free_port() -> int:
    """Return a port nobody listens on just now."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def wait_until(ready: Callable[[], bool], *, process: subprocess.Popen[bytes], log: Path) -> None:
    """Wait for a server; a RuntimeError with the end of its log when it dies or does not come."""
    deadline = time.monotonic() + _PATIENCE
    while not ready():
        if process.poll() is not None or time.monotonic() > deadline:
            kill_group(process)
            raise RuntimeError(f"The server did not start: {log.read_text(errors='replace')[-2000:]}")
        time.sleep(0.02)


def answers(port: int) -> bool:
    """Say whether something accepts connections there."""
    with socket.socket() as probe:
        probe.settimeout(1)
        return probe.connect_ex(("127.0.0.1", port)) == 0


def _as(user: str | None) -> list[str]:
    if user is None:
        return []
    account = pwd.getpwnam(user)
    return ["--reuid", str(account.pw_uid), "--regid", str(account.pw_gid), "--clear-groups"]
