"""What each process holds in memory."""

import subprocess
import sys
from pathlib import Path

from bench.figures import Figure

_FLOORS = {
    "run": ("a bare Python", "pass"),
    "web": (
        "Python with Django, uvicorn and Jinja",
        "import django.core.handlers.wsgi, django.db, jinja2, uvicorn, uvloop",
    ),
    "worker": (
        "Python with Django and cryptography",
        "import django.core.handlers.wsgi, django.db, cryptography.fernet",
    ),
}
_STATUS = "; print(open('/proc/self/status').read())"


def memory(engine: str, *, supervisor: int) -> list[Figure]:
    """Return the resident memory of the supervisor and its children, after all that was asked of them."""
    figures = []
    for pid in (supervisor, *_children(supervisor)):
        words = Path(f"/proc/{pid}/cmdline").read_bytes().decode().split("\0")
        word = next(word for word in words if word in _FLOORS)
        name, code = _FLOORS[word]
        said = subprocess.run([sys.executable, "-c", code + _STATUS], capture_output=True, text=True, check=True).stdout
        figures.append(Figure(engine, f"memory, {word}", "MiB", resident(pid), floor=_resident(said), floor_name=name))
    return figures


def resident(pid: int) -> float:
    """Return the resident memory in MiB."""
    return _resident(Path(f"/proc/{pid}/status").read_text())


def child(supervisor: int, word: str) -> int:
    """Return the child that runs this command."""
    return next(
        pid for pid in _children(supervisor) if word in Path(f"/proc/{pid}/cmdline").read_bytes().decode().split("\0")
    )


def _children(pid: int) -> list[int]:
    return [int(text) for text in Path(f"/proc/{pid}/task/{pid}/children").read_text().split()]


def _resident(status: str) -> float:
    line = next(line for line in status.splitlines() if line.startswith("VmRSS:"))
    return int(line.split()[1]) / 1024
