"""smtplib's connection, with an end: a server that trickles, rambles or talks nonsense keeps nobody for ever.

smtplib waits for each piece anew, so that a byte a minute or an endless answer would hold a worker for good.
"""

import contextlib
import re
import smtplib
import socket
import ssl
import time

from postroom.lib.network.connecting import connect

# RFC 5321 4.5.3.1.5 allows 512 octets a reply line; some servers greet with more.
_LONGEST_LINE = 8192
_MOST_LINES = 200
_PIECE = 64 * 1024
_REPLY = re.compile(rb"([2-5][0-9]{2})(?:([ -])(.*))?", re.DOTALL)


class Nonsense(smtplib.SMTPException):
    """What came back is no SMTP reply."""


class SmtpTalk(smtplib.SMTP):
    """A connection whose whole talk ends at a moment that `allow` moves on."""

    def __init__(self, host: str, port: int, own_name: str, *, seconds: float, allowed: float) -> None:
        self._come = b""
        self._seconds = seconds
        self.allow(allowed)
        super().__init__(host, port, own_name, timeout=seconds)

    def allow(self, seconds: float, *, each: float | None = None) -> None:
        """Let the talk go on for so many seconds from now, each wait being at most `each`."""
        self._until = time.monotonic() + seconds
        self._seconds = each or self._seconds

    def getreply(self) -> tuple[int, bytes]:
        """Return code and words of the next reply; Nonsense when it is none."""
        words: list[bytes] = []
        while len(words) < _MOST_LINES:
            line = self._line()
            reply = _REPLY.fullmatch(line)
            if not reply:
                self.close()
                raise Nonsense(line[:200].decode("utf-8", "replace") or "an empty line")
            words.append((reply[3] or b"").strip(b" \t"))
            if reply[2] != b"-":
                return int(reply[1]), b"\n".join(words)
        self.close()
        raise Nonsense("an endless answer")

    def send(self, s: bytes | str) -> None:  # type: ignore[override]
        """Send it in pieces: the timeout of a socket counts for all that it is given at once."""
        raw = s.encode(self.command_encoding) if isinstance(s, str) else bytes(s)
        if self.sock is None:
            raise smtplib.SMTPServerDisconnected("the line is closed")
        try:
            for start in range(0, len(raw), _PIECE):
                self._set_wait()
                self.sock.sendall(raw[start : start + _PIECE])
        except OSError as error:
            self.close()
            raise smtplib.SMTPServerDisconnected(str(error)) from error

    def secure(self, context: ssl.SSLContext, *, host: str) -> None:
        """Ask for STARTTLS and begin TLS; what was said in clear text before counts no more (RFC 3207 4.2)."""
        code, words = self.docmd("STARTTLS")
        if code != 220:
            raise smtplib.SMTPResponseException(code, words)
        if self._come:
            # Slipped in before the encryption began, to be taken for the server's own (CVE-2011-0411).
            self.close()
            raise Nonsense("words in clear text behind the answer to STARTTLS")
        assert self.sock is not None
        self._set_wait()
        self.sock = context.wrap_socket(self.sock, server_hostname=host)
        self.helo_resp = self.ehlo_resp = None
        self.esmtp_features = {}
        self.does_esmtp = False

    def leave(self) -> None:
        """Say goodbye, wait little for the answer, and hang up."""
        with contextlib.suppress(smtplib.SMTPException, OSError):
            if self.sock:
                self.allow(5, each=5)
                self.quit()
        self.close()

    def _get_socket(self, host: str, port: int, timeout: float) -> socket.socket:
        return connect(host, port, seconds=timeout)

    def close(self) -> None:
        self._come = b""
        super().close()

    def _line(self) -> bytes:
        while b"\n" not in self._come:
            if len(self._come) > _LONGEST_LINE:
                self.close()
                raise Nonsense("a line without end")
            if self.sock is None:
                raise smtplib.SMTPServerDisconnected("the line is closed")
            self._set_wait()
            try:
                piece = self.sock.recv(4096)
            except OSError:
                self.close()
                raise
            if not piece:
                self.close()
                raise smtplib.SMTPServerDisconnected("the server hung up")
            self._come += piece
        line, _end, self._come = self._come.partition(b"\n")
        return line.rstrip(b"\r")

    def _set_wait(self) -> None:
        left = self._until - time.monotonic()
        if left <= 0:
            self.close()
            raise TimeoutError("timed out")
        assert self.sock is not None
        self.sock.settimeout(min(left, self._seconds))


class SmtpTlsTalk(SmtpTalk):
    """The same with TLS from the first byte."""

    def __init__(
        self, host: str, port: int, own_name: str, *, seconds: float, allowed: float, context: ssl.SSLContext
    ) -> None:
        self._context = context
        super().__init__(host, port, own_name, seconds=seconds, allowed=allowed)

    def _get_socket(self, host: str, port: int, timeout: float) -> socket.socket:
        plain = super()._get_socket(host, port, timeout)
        try:
            return self._context.wrap_socket(plain, server_hostname=host)
        except BaseException:
            plain.close()
            raise
