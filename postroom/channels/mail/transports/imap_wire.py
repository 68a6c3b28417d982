"""An IMAP connection that no server can make wait or swell without end."""

import imaplib
import io
import socket
import ssl
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from django.conf import settings
from imapclient import IMAPClient
from imapclient.exceptions import IMAPClientAbortError, IMAPClientError
from imapclient.imap4 import IMAP4WithTimeout
from imapclient.tls import IMAP4_TLS

from postroom.lib.network.connecting import connect

# For the whole answer to a command, however busily the server speaks; a mail gets more by its size.
_COMMAND_SECONDS = 180.0
_SLOWEST_BYTES_A_SECOND = 4_000
_CONNECT_SECONDS = 30.0
# The UIDs of half a million mails.
_LONGEST_LINE = 4 * 1024 * 1024
# On top of the largest mail: what comes with it, and a batch of small ones.
_A_LINE = 500
_ROOM = 16 * 1024 * 1024


class Nonsense(IMAPClientError):  # type: ignore[misc]
    """The server said something that is not IMAP."""


class IdleRefused(IMAPClientError):  # type: ignore[misc]
    """The server offers IDLE and does not do it."""


class NoNumbering(IMAPClientError):  # type: ignore[misc]
    """The folder has no UIDVALIDITY: nothing tells its mails apart for longer than this session."""


@contextmanager
def sense() -> Iterator[None]:
    """Let what the libraries raise on an answer that is not IMAP be one error. For nothing but talking."""
    try:
        yield
    except OSError:
        # A certificate's error is a ValueError, too.
        raise
    except (ValueError, LookupError, TypeError, AttributeError, AssertionError, OverflowError, RecursionError) as error:
        raise Nonsense(f"it said something that is not IMAP ({type(error).__name__}: {error})") from error


def is_lost(error: BaseException) -> bool:
    """Tell whether the line is of no use any more; else the server has only said no, or nonsense."""
    return isinstance(error, OSError | IMAPClientAbortError)


class _Bounds:
    """What a server may say in answer to one command: for so long, and so much."""

    file: io.BufferedReader
    sock: socket.socket
    _partial = b""
    _until = 0.0
    _room = 0

    def open(self, *args: Any, **options: Any) -> None:
        self._begin()
        super().open(*args, **options)  # type: ignore[misc]

    def _command(self, name: str, *args: Any) -> Any:
        self._begin()
        return super()._command(name, *args)  # type: ignore[misc]

    def read(self, size: int) -> bytes:
        """Read a literal; imaplib would take any size, and any time between two bytes."""
        if size > self._room:
            raise IMAPClientAbortError(f"it wanted to send {size} bytes at once, more than was asked for")
        self._until += size / _SLOWEST_BYTES_A_SECOND
        self._room -= size
        parts: list[bytes] = []
        while size:
            self._check_time()
            part = self.file.read1(min(size, 65536))
            if not part:
                break
            parts.append(part)
            size -= len(part)
        return b"".join(parts)

    def readline(self) -> bytes:
        """Read a line. What came of one while IDLE only looked is kept for the next time."""
        line = bytearray(self._partial)
        self._partial = b""
        while not line.endswith(b"\n"):
            self._check_time()
            if len(line) > _LONGEST_LINE or self._room < 0:
                raise IMAPClientAbortError("it said more than was asked for")
            try:
                seen = self.file.peek(1)
            except OSError:
                self._partial = bytes(line)
                raise
            if not seen:
                if self.sock.gettimeout() == 0:
                    self._partial, line = bytes(line), bytearray()
                break
            part = self.file.read(seen.find(b"\n") + 1 or len(seen))
            self._room -= len(part)
            line += part
        # What a line costs in memory beside its bytes: an endless row of short ones fills it, too.
        self._room -= _A_LINE
        return bytes(line)

    def _begin(self) -> None:
        self._until = time.monotonic() + _COMMAND_SECONDS
        self._room = settings.POSTROOM_MAX_MAIL_BYTES + _ROOM

    def _check_time(self) -> None:
        if time.monotonic() > self._until:
            raise TimeoutError("The server speaks too slowly.")


class _Clear(_Bounds, IMAP4WithTimeout):  # type: ignore[misc]
    def _create_socket(self, timeout: float | None = None) -> socket.socket:
        return connect(self.host, self.port, seconds=timeout or self._timeout or _CONNECT_SECONDS)


class _Tls(_Bounds, IMAP4_TLS):  # type: ignore[misc]
    def _create_socket(self, timeout: float | None = None) -> socket.socket:
        line = connect(self.host, self.port, seconds=timeout or self._timeout or _CONNECT_SECONDS)
        try:
            secured: socket.socket = self.ssl_context.wrap_socket(line, server_hostname=self.host)
        except BaseException:
            line.close()
            raise
        return secured


class Line(IMAPClient):  # type: ignore[misc]
    """IMAPClient with bounds, and an IDLE that survives what servers say before they agree to it."""

    def _create_IMAP4(self) -> imaplib.IMAP4:  # noqa: N802  (IMAPClient's own name)
        if self.ssl:
            return _Tls(self.host, self.port, self.ssl_context, self._timeout.connect)
        return _Clear(self.host, self.port, self._timeout.connect)

    def idle(self) -> None:
        """Begin to IDLE; IdleRefused when the server only says that it can."""
        tag = self._idle_tag = self._imap._command("IDLE")  # noqa: SLF001
        # None is the "+" that we wait for. Some servers mention new mail first.
        while self._imap._get_response() is not None:  # noqa: SLF001
            if self._imap.tagged_commands.get(tag):
                raise IdleRefused("it offers IDLE and refuses it")

    def is_encrypted(self) -> bool:
        """Tell whether what we say is read by the server only."""
        return isinstance(self._imap.sock, ssl.SSLSocket)

    def heard_of_mail(self) -> bool:
        """Tell whether the server has mentioned mail since this was asked last, in answer to whatever command."""
        return self._imap.untagged_responses.pop("EXISTS", None) is not None
