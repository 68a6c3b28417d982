"""An IMAP server that misbehaves as it is told: drops, stalls, lies, speaks slowly, answers nonsense."""

import re
import socketserver
import ssl
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field

from tests.servers.certificates import Certificates

_SEARCH = re.compile(r"SEARCH.*?UID (\d+):(\d+|\*)", re.IGNORECASE)
_SET = re.compile(r"^(\S+) (.*)$")
_BODY = re.compile(r"BODY\.PEEK\[([^\]]*)\](?:<0\.(\d+)>)?")


class Dropped(Exception):
    """The line is cut."""


@dataclass
class BadImap:
    """A server with one account that takes every password. Clear text; STARTTLS when it has a certificate.

    `mails` are the INBOX by UID; `sizes` what is said of them when that is not true; `tricks` what happens when one of
    them is asked for; `instead` what is said to a command in place of the answer (`{tag}` is filled in).
    """

    certificates: Certificates | None = None
    mails: dict[int, bytes] = field(default_factory=dict)
    sizes: dict[int, int] = field(default_factory=dict)
    tricks: dict[int, str] = field(default_factory=dict)
    instead: dict[str, str] = field(default_factory=dict)
    capabilities: str = "IMAP4rev1 IDLE UIDPLUS"
    greeting: str = "* OK ready"
    uidvalidity: int | None = 7
    uidnext: int | None = None
    exists: int | None = None
    # Named by SEARCH, though they are not there.
    ghosts: list[str] = field(default_factory=list)
    said: list[str] = field(default_factory=list)
    port: int = 0

    def put(self, raw: bytes, *, uid: int | None = None) -> int:
        """Lay a mail into the INBOX and return its UID."""
        uid = uid or max(self.mails, default=0) + 1
        self.mails[uid] = raw
        return uid

    @property
    def signed_in_with(self) -> list[str]:
        """What anybody tried to sign in with."""
        return [line for line in self.said if "LOGIN" in line.upper() or "AUTHENTICATE" in line.upper()]


@contextmanager
def running(server: BadImap) -> Iterator[BadImap]:
    """Run it on a free port until the end of the block."""

    class Handler(socketserver.StreamRequestHandler):
        def handle(self) -> None:
            with suppress(Dropped, OSError, ValueError):
                _Talk(server, self).go()

        def finish(self) -> None:
            with suppress(OSError, ValueError):
                super().finish()
            self.connection.close()

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


class _Talk:
    """One connection."""

    def __init__(self, server: BadImap, handler: socketserver.StreamRequestHandler) -> None:
        self.server, self.handler = server, handler

    def go(self) -> None:
        self.say(self.server.greeting)
        while line := self.hear():
            tag, _, rest = line.partition(" ")
            self.answer(tag, rest)

    def hear(self) -> str:
        line = self.handler.rfile.readline().decode("utf-8", "replace").strip()
        if line:
            self.server.said.append(line)
        return line

    def say(self, text: str) -> None:
        self.raw(text.encode() + b"\r\n")

    def raw(self, data: bytes) -> None:
        self.handler.wfile.write(data)
        self.handler.wfile.flush()

    def answer(self, tag: str, rest: str) -> None:
        words = rest.upper().split()
        name = words[1] if words[0] == "UID" else words[0]
        if name in self.server.instead:
            self.other(tag, self.server.instead[name])
            return
        verbs: dict[str, Callable[[str, str], None]] = {
            "CAPABILITY": self.capability,
            "STARTTLS": self.starttls,
            "LIST": self.list,
            "SELECT": self.select,
            "EXAMINE": self.select,
            "SEARCH": self.search,
            "FETCH": self.fetch,
            "IDLE": self.idle,
        }
        if name in verbs:
            verbs[name](tag, rest)
        else:
            self.say(f"{tag} OK done")
        if name == "LOGOUT":
            raise Dropped

    def other(self, tag: str, text: str) -> None:
        if text == "drop":
            raise Dropped
        if text == "stall":
            time.sleep(3600)
        if text == "flood":
            while True:
                self.raw(b"* OK still thinking about it\r\n" * 1000)
        self.say(text.format(tag=tag))

    def capability(self, tag: str, rest: str) -> None:
        self.say(f"* CAPABILITY {self.server.capabilities}")
        self.say(f"{tag} OK done")

    def starttls(self, tag: str, rest: str) -> None:
        assert self.server.certificates
        self.say(f"{tag} OK begin")
        context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
        context.load_cert_chain(self.server.certificates.certificate, self.server.certificates.key)
        self.handler.wfile.close()
        self.handler.connection = context.wrap_socket(self.handler.connection, server_side=True)
        self.handler.rfile = self.handler.connection.makefile("rb")
        self.handler.wfile = self.handler.connection.makefile("wb")

    def list(self, tag: str, rest: str) -> None:
        self.say('* LIST (\\HasNoChildren) "/" INBOX')
        self.say(f"{tag} OK done")

    def select(self, tag: str, rest: str) -> None:
        server = self.server
        exists = len(server.mails) if server.exists is None else server.exists
        self.say(f"* {exists} EXISTS")
        self.say("* FLAGS (\\Seen)")
        if server.uidvalidity is not None:
            self.say(f"* OK [UIDVALIDITY {server.uidvalidity}] so")
        if server.uidnext != -1:
            uidnext = server.uidnext or max(server.mails, default=0) + 1
            self.say(f"* OK [UIDNEXT {uidnext}] so")
        self.say(f"{tag} OK [{'READ-ONLY' if rest.startswith('EXAMINE') else 'READ-WRITE'}] done")

    def search(self, tag: str, rest: str) -> None:
        asked = _SEARCH.search(rest) or _SEARCH.search("SEARCH UID 1:*")
        assert asked
        last = max(self.server.mails, default=0)
        first, end = int(asked[1]), last if asked[2] == "*" else int(asked[2])
        # RFC 3501: n:* names the last message in any case.
        low, high = min(first, end), max(first, end)
        uids = [str(uid) for uid in sorted(self.server.mails) if low <= uid <= high]
        self.say(" ".join(["* SEARCH", *uids, *self.server.ghosts]))
        self.say(f"{tag} OK done")

    def fetch(self, tag: str, rest: str) -> None:
        asked = _SET.match(rest[len("UID FETCH ") :])
        assert asked, rest
        single = {int(part) for part in asked[1].split(",") if part.isdigit()}
        ranges = [part.split(":") for part in asked[1].split(",") if ":" in part]
        wanted = [
            (number, uid)
            for number, uid in enumerate(sorted(self.server.mails), 1)
            if uid in single or any(int(first) <= uid <= int(last) for first, last in ranges)
        ]
        if "BODY.PEEK[]" in asked[2] and any(self.server.tricks.get(uid) == "refuse" for _number, uid in wanted):
            self.say(f"{tag} NO [SERVERBUG] one of them is broken")
            return
        for number, uid in wanted:
            self.one(number, uid, asked[2])
        self.say(f"{tag} OK done")

    def one(self, number: int, uid: int, wanted: str) -> None:
        raw = self.server.mails[uid]
        body = _BODY.search(wanted)
        if body is None:
            size = self.server.sizes.get(uid, len(raw))
            self.say(
                f'* {number} FETCH (UID {uid} RFC822.SIZE {size} INTERNALDATE "01-Feb-2026 10:00:00 +0000")'
                if "SIZE" in wanted
                else f"* {number} FETCH (UID {uid})"
            )
            return
        if body[1]:
            raw = raw.partition(b"\r\n\r\n")[0] + b"\r\n\r\n"
        elif trick := self.server.tricks.get(uid):
            self.trick(trick, number, uid, raw)
            return
        raw = raw[: int(body[2])] if body[2] else raw
        self.literal(number, uid, body[1], raw)

    def literal(self, number: int, uid: int, section: str, raw: bytes) -> None:
        self.raw(b"* %d FETCH (UID %d BODY[%s] {%d}\r\n" % (number, uid, section.encode(), len(raw)) + raw + b")\r\n")

    def trick(self, trick: str, number: int, uid: int, raw: bytes) -> None:
        head = b"* %d FETCH (UID %d BODY[] " % (number, uid)
        if trick == "drop":
            raise Dropped
        if trick == "stall":
            time.sleep(3600)
        if trick == "cut":
            self.raw(head + b"{%d}\r\n" % len(raw) + raw[: len(raw) // 2])
            raise Dropped
        if trick == "nonsense":
            self.raw(b"* %d FETCH (UID %d BODY[] (((\r\n" % (number, uid))
        if trick == "nil":
            self.raw(head + b"NIL)\r\n")
        if trick == "empty":
            self.raw(head + b'"")\r\n')
        if trick == "endless":
            self.raw(head + b"{99999999999}\r\n" + raw)
            time.sleep(3600)
        if trick == "slow":
            self.raw(head + b"{%d}\r\n" % len(raw))
            for start in range(0, len(raw), 64):
                self.raw(raw[start : start + 64])
                time.sleep(0.01)
            self.raw(b")\r\n")

    def idle(self, tag: str, rest: str) -> None:
        self.say("* 1 EXISTS")
        self.say("+ idling")
        self.hear()
        self.say(f"{tag} OK done")
