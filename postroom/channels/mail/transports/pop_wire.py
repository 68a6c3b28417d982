"""A POP3 connection that no server can make wait or swell without end."""

import io
import poplib
import socket
import ssl
import time

from django.conf import settings

from postroom.lib.network.connecting import connect

# For the whole answer to a command, however busily the server speaks.
_COMMAND_SECONDS = 180.0
_SLOWEST_BYTES_A_SECOND = 4_000
_ROOM = 16 * 1024 * 1024


class Line(poplib.POP3):
    """The standard library's client, with bounds of ours: its own is lines of 2,048 bytes; mail has longer."""

    file: io.BufferedReader
    sock: socket.socket
    _until = 0.0
    _room = 0

    def __init__(self, host: str, port: int, *, seconds: float, context: ssl.SSLContext | None = None) -> None:
        self._context = context
        self._begin()
        super().__init__(host, port, timeout=seconds)

    @property
    def is_encrypted(self) -> bool:
        """Whether what we say is read by the server only."""
        return isinstance(self.sock, ssl.SSLSocket)

    def xoauth2(self, answer: str) -> None:
        """Sign in with a token's initial response; error_proto with the server's refusal (RFC 5034)."""
        # Asked for first: a token is longer than the 255 bytes of a command.
        self._shortcmd("AUTH XOAUTH2")  # type: ignore[attr-defined]
        said: bytes = self._shortcmd(answer)  # type: ignore[attr-defined]
        if not said.startswith(b"+OK"):
            # The reason of a refusal; the refusal itself comes after an empty line.
            self._shortcmd("")  # type: ignore[attr-defined]

    def _create_socket(self, timeout: float) -> socket.socket:
        made = connect(self.host, self.port, seconds=timeout)
        return self._context.wrap_socket(made, server_hostname=self.host) if self._context else made

    def _putcmd(self, line: str) -> None:
        self._begin()
        # No line break of ours ends a command: a user name may hold anything.
        super()._putcmd(line.replace("\r", "").replace("\n", ""))  # type: ignore[misc]

    def _getline(self) -> tuple[bytes, int]:
        line = bytearray()
        while not line.endswith(b"\n"):
            if time.monotonic() > self._until:
                raise TimeoutError("The server speaks too slowly.")
            if self._room < 0:
                raise ConnectionAbortedError("The server said more than was asked for.")
            seen = self.file.peek(1)
            if not seen:
                raise ConnectionResetError("The server hung up.")
            part = self.file.read(seen.find(b"\n") + 1 or len(seen))
            self._room -= len(part)
            self._until += len(part) / _SLOWEST_BYTES_A_SECOND
            line += part
        return bytes(line[: -2 if line.endswith(b"\r\n") else -1]), len(line)

    def _begin(self) -> None:
        self._until = time.monotonic() + _COMMAND_SECONDS
        self._room = settings.POSTROOM_MAX_MAIL_BYTES + _ROOM
