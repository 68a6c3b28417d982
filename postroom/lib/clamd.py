"""Ask ClamAV's daemon about some bytes (clamd(8), INSTREAM).

Our own, since the client on the registry has had no release since 2014 and the talk is one command.
"""

import socket
from dataclasses import dataclass

_SECONDS = 60.0
_PIECE = 256 * 1024
_LONGEST_ANSWER = 4096


class ScannerTrouble(Exception):
    """No verdict could be had; the sentence says why."""


@dataclass(frozen=True)
class Scanned:
    """`found` is what the scanner calls what it found; empty for clean bytes."""

    found: str


def scan(data: bytes, *, at: str) -> Scanned:
    """Return what the daemon at `at` (host:port, or its socket's path) says; ScannerTrouble when it says nothing."""
    try:
        with _connect(at) as line:
            line.sendall(b"zINSTREAM\0")
            for start in range(0, len(data), _PIECE):
                piece = data[start : start + _PIECE]
                line.sendall(len(piece).to_bytes(4, "big") + piece)
            line.sendall(bytes(4))
            answer = _answer(line)
    except (OSError, ValueError) as error:
        why = getattr(error, "strerror", None) or str(error)
        raise ScannerTrouble(f"The virus scanner at {at} does not answer: {why}.") from error
    if answer.endswith(" FOUND"):
        return Scanned(answer.removeprefix("stream: ").removesuffix(" FOUND"))
    if answer.endswith(" OK"):
        return Scanned("")
    # Larger than its StreamMaxLength, or an error of its own.
    raise ScannerTrouble(f"The virus scanner gave no verdict: {answer[:200]}")


def _connect(at: str) -> socket.socket:
    if at.startswith("/"):
        line = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
        line.settimeout(_SECONDS)
        line.connect(at)
        return line
    host, _colon, port = at.rpartition(":")
    return socket.create_connection((host.strip("[]"), int(port)), timeout=_SECONDS)


def _answer(line: socket.socket) -> str:
    come = b""
    while not come.endswith(b"\0") and len(come) < _LONGEST_ANSWER and (piece := line.recv(1024)):
        come += piece
    return come.rstrip(b"\0\n").decode("utf-8", "replace")
