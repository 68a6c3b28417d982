"""A small name server on the loopback: it says what a test has written into its zone."""

import socket
import threading
from dataclasses import dataclass, field

import dns.flags
import dns.message
import dns.rcode
import dns.rdatatype
import dns.rrset


@dataclass
class NameServer:
    """A running server; `zone` maps (name, type) to what stands there. A name in `silent` is never answered."""

    port: int
    zone: dict[tuple[str, str], list[str]] = field(default_factory=dict)
    silent: set[str] = field(default_factory=set)
    broken: set[str] = field(default_factory=set)
    _line: socket.socket | None = None
    _thread: threading.Thread | None = None

    @classmethod
    def start(cls) -> "NameServer":
        """Listen on a free port (UDP)."""
        line = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        line.bind(("127.0.0.1", 0))
        server = cls(line.getsockname()[1], _line=line)
        server._thread = threading.Thread(target=server._serve, daemon=True)
        server._thread.start()
        return server

    @property
    def address(self) -> str:
        """As POSTROOM_DNS takes it."""
        return f"127.0.0.1:{self.port}"

    def has(self, name: str, kind: str, *values: str) -> None:
        """Let these values stand at the name; a TXT value is given without quotes."""
        self.zone[(name.lower(), kind)] = list(values)

    def stop(self) -> None:
        """Stop answering."""
        assert self._line is not None
        assert self._thread is not None
        self._line.sendto(b"stop", self._line.getsockname())
        self._thread.join(timeout=10)
        self._line.close()

    def _serve(self) -> None:
        assert self._line is not None
        while True:
            raw, who = self._line.recvfrom(4096)
            if raw == b"stop":
                return
            answer = self._answer(dns.message.from_wire(raw))
            if answer is not None:
                self._line.sendto(answer.to_wire(max_size=65535), who)

    def _answer(self, asked: dns.message.Message) -> dns.message.Message | None:
        question = asked.question[0]
        name = question.name.to_text(omit_final_dot=True).lower()
        if name in self.silent:
            return None
        answer = dns.message.make_response(asked)
        answer.flags |= dns.flags.RA
        if name in self.broken:
            answer.set_rcode(dns.rcode.SERVFAIL)
            return answer
        kind = dns.rdatatype.to_text(question.rdtype)
        values = self.zone.get((name, kind), [])
        if kind == "TXT":
            # A string of a TXT record holds 255 octets at most.
            values = [" ".join(f'"{value[at : at + 255]}"' for at in range(0, len(value), 255)) for value in values]
        if values:
            answer.answer.append(dns.rrset.from_text_list(question.name, 60, "IN", kind, values))
        elif not any(known == name for known, _kind in self.zone):
            answer.set_rcode(dns.rcode.NXDOMAIN)
        return answer
