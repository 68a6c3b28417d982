"""A POP3 server that misbehaves as it is told."""

import socketserver
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field


class Dropped(Exception):
    """The line is cut."""


@dataclass
class BadPop:
    """A server with one account that takes every password. `mails` by UIDL; `without`: commands that it does not know.

    `tricks`, by UIDL, are what happens when that mail is asked for: drop, stall, refuse, endless.
    """

    mails: dict[str, bytes] = field(default_factory=dict)
    tricks: dict[str, str] = field(default_factory=dict)
    without: tuple[str, ...] = ()
    said: list[str] = field(default_factory=list)
    port: int = 0


@contextmanager
def running(server: BadPop) -> Iterator[BadPop]:
    """Run it on a free port until the end of the block."""

    class Handler(socketserver.StreamRequestHandler):
        def handle(self) -> None:
            with suppress(Dropped, OSError, ValueError):
                _talk(server, self)

        def finish(self) -> None:
            with suppress(OSError, ValueError):
                super().finish()

    class Server(socketserver.ThreadingTCPServer):
        daemon_threads = True
        block_on_close = False
        allow_reuse_address = True

    with Server(("127.0.0.1", 0), Handler) as listening:
        server.port = listening.server_address[1]
        thread = threading.Thread(target=listening.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True)
        thread.start()
        yield server
        listening.shutdown()
        thread.join()


def _talk(server: BadPop, handler: socketserver.StreamRequestHandler) -> None:
    handler.wfile.write(b"+OK ready\r\n")
    names = list(server.mails)
    while line := handler.rfile.readline().decode("utf-8", "replace").strip():
        server.said.append(line)
        command, *rest = line.split()
        handler.wfile.write(_answer(server, names, command.upper(), rest))
        if command.upper() == "QUIT":
            return
        if command.upper() == "RETR" and server.tricks.get(names[int(rest[0]) - 1]) == "endless":
            while True:
                handler.wfile.write(b"for ever\r\n" * 1000)


def _answer(server: BadPop, names: list[str], command: str, rest: list[str]) -> bytes:
    if command in server.without:
        return b"-ERR what\r\n"
    if command == "CAPA":
        offered = [name for name in ("STLS", "UIDL", "TOP", "USER") if name not in server.without]
        return _long(offered)
    if command == "STLS":
        return b"-ERR not today\r\n"
    if command == "LIST":
        return _long([f"{number} {len(server.mails[name])}" for number, name in enumerate(names, 1)])
    if command == "UIDL":
        return _long([f"{number} {name}" for number, name in enumerate(names, 1)])
    if command == "TOP":
        return b"+OK\r\n" + server.mails[names[int(rest[0]) - 1]].partition(b"\r\n\r\n")[0] + b"\r\n\r\n.\r\n"
    if command == "RETR":
        return _mail(server, names[int(rest[0]) - 1])
    return b"+OK\r\n"


def _mail(server: BadPop, name: str) -> bytes:
    trick = server.tricks.get(name, "")
    if trick == "drop":
        raise Dropped
    if trick == "stall":
        time.sleep(3600)
    if trick == "refuse":
        return b"-ERR that one is broken\r\n"
    if trick == "endless":
        return b"+OK\r\n"
    raw = server.mails[name].replace(b"\r\n.", b"\r\n..")
    return b"+OK\r\n" + raw + (b"" if raw.endswith(b"\n") else b"\r\n") + b".\r\n"


def _long(lines: list[str]) -> bytes:
    return "\r\n".join(["+OK", *lines, ".", ""]).encode()
