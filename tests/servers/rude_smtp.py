"""An SMTP server that fails at one step, in one way: it closes, hangs, refuses, talks nonsense or never ends a line."""

import contextlib
import socket
import ssl
import threading
from dataclasses import dataclass, field

from tests.servers.certificates import Certificates

STEPS = ("connect", "banner", "EHLO", "STARTTLS", "TLS", "AUTH", "MAIL", "RCPT", "DATA", "dot")
NONSENSE = b"\x00\xff\xfe!! <html>hello</html>\r\n"


@dataclass
class RudeSmtp:
    """A running server on `port`, with STARTTLS and AUTH. `kept` are the mails it took, whatever it said."""

    port: int
    kept: list[bytes] = field(default_factory=list)
    # What came in before TLS: no password and no mail may be here.
    clear: bytes = b""
    step: str = ""
    way: str = ""
    # Whether a mail whose final dot came was kept, although the answer to it failed.
    keeps: bool = True
    # What it offers besides, once TLS has begun.
    offers: tuple[str, ...] = ()
    # Every command that came.
    said: list[str] = field(default_factory=list)
    _stop: threading.Event = field(default_factory=threading.Event)
    _threads: list[threading.Thread] = field(default_factory=list)
    _listening: socket.socket | None = None
    _context: ssl.SSLContext | None = None

    @classmethod
    def start(cls, made: Certificates) -> "RudeSmtp":
        """Listen on a free port."""
        context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
        context.load_cert_chain(made.certificate, made.key)
        listening = socket.create_server(("127.0.0.1", 0))
        server = cls(listening.getsockname()[1], _listening=listening, _context=context)
        thread = threading.Thread(target=server._accept, daemon=True)
        thread.start()
        server._threads.append(thread)
        return server

    def fail(self, step: str, way: str, *, keeps: bool = True) -> None:
        """Fail at this step: close, hang, nonsense, endless, trickle, or an answer such as "451 4.3.0 Not now"."""
        self.step, self.way, self.keeps = step, way, keeps

    def stop(self) -> None:
        """Close everything."""
        self._stop.set()
        assert self._listening is not None
        with contextlib.suppress(OSError):
            self._listening.shutdown(socket.SHUT_RDWR)
        self._listening.close()
        for thread in self._threads:
            thread.join(timeout=10)

    def _accept(self) -> None:
        assert self._listening is not None
        with contextlib.suppress(OSError):
            while not self._stop.is_set():
                line, _address = self._listening.accept()
                thread = threading.Thread(target=self._serve, args=(line,), daemon=True)
                thread.start()
                self._threads.append(thread)

    def _serve(self, line: socket.socket) -> None:
        talk = _Talk(self, line)
        with contextlib.suppress(OSError, _Over):
            talk.go()
        talk.close()


class _Over(Exception):
    """This conversation has ended."""


class _Talk:
    def __init__(self, server: RudeSmtp, line: socket.socket) -> None:
        self.server, self.line = server, line
        self.secure = False
        self.come = b""

    def close(self) -> None:
        with contextlib.suppress(OSError):
            self.line.close()

    def go(self) -> None:
        if self._failed("connect"):
            raise _Over
        if not self._failed("banner"):
            self._say("220 rude.test ESMTP")
        while True:
            words = self._line().decode("utf-8", "replace")
            self.server.said.append(words)
            verb = words.split(" ")[0].split(":")[0].upper()
            if verb == "QUIT":
                self._say("221 Bye")
                raise _Over
            if self._failed(verb):
                continue
            self._answer(verb)

    def _answer(self, verb: str) -> None:
        if verb == "EHLO":
            offers = (
                ["rude.test", "SIZE 1000000", "AUTH PLAIN", *self.server.offers]
                if self.secure
                else ["rude.test", "STARTTLS"]
            )
            for offer in offers:
                self._say(f"250{' ' if offer == offers[-1] else '-'}{offer}")
        elif verb == "STARTTLS":
            self._say("220 Go")
            self._begin_tls()
        elif verb == "AUTH":
            self._say("235 2.7.0 Welcome")
        elif verb == "DATA":
            self._say("354 Go on")
            self._take()
        else:
            self._say("250 2.0.0 OK")

    def _begin_tls(self) -> None:
        if self._failed("TLS"):
            raise _Over
        assert self.server._context is not None
        self.line = self.server._context.wrap_socket(self.line, server_side=True)
        self.secure = True

    def _take(self) -> None:
        while not self.come.endswith(b"\r\n.\r\n"):
            self._more()
        mail, self.come = self.come, b""
        if self.server.step != "dot":
            self.server.kept.append(mail)
            self._say("250 2.0.0 Kept")
            return
        if self.server.keeps:
            self.server.kept.append(mail)
        self._failed("dot")

    def _failed(self, step: str) -> bool:
        """Fail if this is the step; tell whether it did."""
        if step != self.server.step:
            return False
        way = self.server.way
        if way == "close":
            raise _Over
        if way == "hang":
            self._wait_for_the_end()
        elif way == "nonsense":
            self.line.sendall(NONSENSE)
        elif way == "endless":
            for _time in range(200_000):
                self.line.sendall(b"250-and so on\r\n")
            raise _Over
        elif way == "line":
            for _time in range(20_000):
                self.line.sendall(b"x" * 1000)
            raise _Over
        elif way == "trickle":
            for letter in b"250-" + b"y" * 10_000:
                self.line.sendall(bytes([letter]))
                if self.server._stop.wait(0.1):
                    raise _Over
        else:
            self._say(way)
        return True

    def _wait_for_the_end(self) -> None:
        """Say nothing until the other side hangs up."""
        self.line.settimeout(0.2)
        while not self.server._stop.is_set():
            try:
                if not self.line.recv(1000):
                    break
            except TimeoutError:
                continue
        raise _Over

    def _say(self, words: str) -> None:
        self.line.sendall(f"{words}\r\n".encode())

    def _line(self) -> bytes:
        while b"\r\n" not in self.come:
            self._more()
        line, _end, self.come = self.come.partition(b"\r\n")
        return line

    def _more(self) -> None:
        piece = self.line.recv(65536)
        if not piece:
            raise _Over
        if not self.secure:
            self.server.clear += piece
        self.come += piece
