"""From the commit to the browser."""

import contextlib
import queue
import random
import socket
import threading
import time
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.db import connection
from django.test import Client

from bench.figures import Figure, percentile
from postroom.core.accounts.models import User
from postroom.core.conversations.actions.close import close, reopen
from postroom.core.conversations.models import OPEN, Conversation

_PATIENCE = 10.0


def live(engine: str, *, url: str, alice: User, commits: int, others: int) -> Figure:
    """Commit, and wait for the hint; beside it a bare loop asks the database at the same pace."""
    conversation = Conversation.objects.visible_to(alice).filter(status=OPEN).earliest("pk")
    cookie = cookie_of(alice)
    watched = Watch(url, cookie, marks=marks_of(conversation.pk))
    crowd = [Watch(url, cookie, marks=marks_of(0)) for _ in range(others)]
    poll = _Poll(conversation.pk)
    delays, floors = [], []
    for number in range(commits):
        time.sleep(random.uniform(0.02, 0.12))
        (close if number % 2 == 0 else reopen)(conversation, by=alice)
        committed = time.perf_counter()
        delays.append(max(watched.seen.get(timeout=_PATIENCE) - committed, 0) * 1000)
        floors.append(max(poll.seen.get(timeout=_PATIENCE) - committed, 0) * 1000)
    poll.stop.set()
    for one in (watched, *crowd):
        one.close()
    return Figure(
        engine,
        f"live, commit to browser, {others + 1} open",
        "ms",
        percentile(delays, 0.5),
        percentile(delays, 0.95),
        floor=percentile(floors, 0.5),
        floor_name="a bare loop asking at the same pace",
    )


def cookie_of(user: User) -> str:
    client = Client()
    client.force_login(user)
    return f"{settings.SESSION_COOKIE_NAME}={client.cookies[settings.SESSION_COOKIE_NAME].value}"


def marks_of(conversation_id: int) -> bytes:
    """Return what stands in the hints of one conversation: the worker has things to tell too."""
    return f'"conversation":{conversation_id},'.encode()


class Watch:
    """An open stream whose thread notes when a frame with these marks comes."""

    def __init__(self, url: str, cookie: str, *, marks: bytes) -> None:
        self._ours = marks
        self.seen: queue.Queue[float] = queue.Queue()
        parts = urlsplit(url)
        self._socket = socket.create_connection((parts.hostname or "", parts.port or 0))
        self._socket.sendall(f"GET /live HTTP/1.1\r\nHost: localhost\r\nCookie: {cookie}\r\n\r\n".encode())
        said = b""
        while b"event: hello" not in said:
            said += self._socket.recv(4096)
        threading.Thread(target=self._read, daemon=True).start()

    def _read(self) -> None:
        # Ends with an OSError or with nothing more to read when the stream is closed.
        with contextlib.suppress(OSError):
            while said := self._socket.recv(65536):
                now = time.perf_counter()
                for _ in range(said.count(self._ours)):
                    self.seen.put(now)
        self._socket.close()

    def forget(self) -> None:
        """Forget what was heard so far."""
        while not self.seen.empty():
            self.seen.get()

    def close(self) -> None:
        """Go away."""
        self._socket.shutdown(socket.SHUT_RDWR)


class _Poll:
    """A thread that asks the database whether something changed, at the pace of the real one."""

    def __init__(self, conversation_id: int) -> None:
        self.seen: queue.Queue[float] = queue.Queue()
        self.stop = threading.Event()
        sqlite = connection.vendor == "sqlite"
        # Not the file's counter: the worker writes too.
        self._sql = f"SELECT max(id) FROM postroom_events_event WHERE conversation_id = {int(conversation_id)}"
        self._interval = 0.025 if sqlite else 0.05
        self._last = self._ask()
        threading.Thread(target=self._run, daemon=True).start()

    def _ask(self) -> Any:
        with connection.cursor() as cursor:
            cursor.execute(self._sql)
            return cursor.fetchone()

    def _run(self) -> None:
        while not self.stop.wait(self._interval):
            if (last := self._ask()) != self._last:
                self.seen.put(time.perf_counter())
                self._last = last
        connection.close()
