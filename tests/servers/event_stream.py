"""A browser's EventSource: keeps the last id, collects what it is told, and can go away and come back."""

import contextlib
import json
import socket
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from http.client import HTTPConnection, HTTPException, HTTPResponse

from django.conf import settings

_PATIENCE = 20.0


@dataclass
class Frame:
    """One frame of the stream as a browser would dispatch it."""

    name: str
    id: str
    data: dict[str, object]


@dataclass
class EventStream:
    """An open stream; `frames` grows as they come."""

    url: str
    session_key: str
    last: str = ""
    # Whose browser a proxy on this machine says it is.
    forwarded_for: str = ""
    frames: list[Frame] = field(default_factory=list)
    status: int = 0
    ended: threading.Event = field(default_factory=threading.Event)

    def open(self) -> "EventStream":
        """Connect and wait for the first word."""
        self.ended.clear()
        before = len(self.frames)
        self._connection = HTTPConnection(self.url.removeprefix("http://"), timeout=60)
        self._thread = threading.Thread(target=self._read, daemon=True)
        self._thread.start()
        self.wait_for(lambda: len(self.frames) > before or self.ended.is_set())
        return self

    def hints(self, kind: str = "") -> list[Frame]:
        """Return the hints so far, of one kind."""
        return [frame for frame in self.frames if frame.name == "hint" and (not kind or frame.data["kind"] == kind)]

    def wait_for(self, ready: Callable[[], object]) -> None:
        """Wait until `ready()`; an AssertionError with what came when it takes too long."""
        deadline = time.monotonic() + _PATIENCE
        while not ready():
            assert time.monotonic() < deadline, f"it did not come; {self.status}, {self.frames}"
            time.sleep(0.01)

    def close(self) -> None:
        """Go away, as a closed laptop does."""
        with contextlib.suppress(OSError):
            if self._connection.sock:
                self._connection.sock.shutdown(socket.SHUT_RDWR)
        self._thread.join(timeout=5)

    def _read(self) -> None:
        headers = {"Cookie": f"{settings.SESSION_COOKIE_NAME}={self.session_key}"}
        if self.last:
            headers["Last-Event-ID"] = self.last
        if self.forwarded_for:
            headers["X-Forwarded-For"] = self.forwarded_for
        try:
            self._connection.request("GET", "/live", headers=headers)
            with self._connection.getresponse() as response:
                self.status = response.status
                if response.status == 200:
                    self._dispatch(response)
        except (OSError, HTTPException):
            pass  # the server went away, or we did
        finally:
            self._connection.close()
            self.ended.set()

    def _dispatch(self, response: HTTPResponse) -> None:
        fields: dict[str, str] = {}
        for line in response:
            text = line.decode().rstrip("\n")
            if text:
                name, _, value = text.partition(": ")
                fields[name] = value
                continue
            if "id" in fields:
                self.last = fields["id"]
            if "data" in fields:
                self.frames.append(Frame(fields["event"], self.last, json.loads(fields["data"])))
            fields = {}
