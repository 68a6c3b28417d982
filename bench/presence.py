"""From one agent's page, which says that it is open or that somebody writes in it, to the other agent's."""

import queue
import random
import socket
import threading
import time
from itertools import cycle
from urllib.parse import urlsplit

from django.db import connection

from bench.client import Request, post
from bench.figures import Figure, percentile
from bench.live import Watch, cookie_of
from postroom.core.accounts.models import Membership, User
from postroom.core.conversations.models import OPEN, Conversation, Presence

_PATIENCE = 10.0
_TAB = "0123456789abcdef"
_CSRF = "c" * 32
# As often as the real one looks (followers/realtime/presence_tail.py).
_INTERVAL = 0.25


def presence(engine: str, *, url: str, alice: User, turns: int) -> Figure:
    """Let Bob come, write, stop and go, and wait each time until Alice's stream says so; beside it a bare loop."""
    conversation = Conversation.objects.visible_to(alice).filter(status=OPEN).earliest("pk")
    bob = User.objects.create(email="presence@velo.example", name="Presence", password="!")
    Membership.objects.create(mailbox=conversation.mailbox, user=bob)
    path, cookie = f"/conversations/{conversation.pk}/presence", cookie_of(bob)
    heard = Watch(url, cookie_of(alice), marks=b"event: presence")
    # What a stream is told of when it opens.
    time.sleep(2 * _INTERVAL)
    heard.forget()
    poll = _Poll()
    delays, floors = [], []
    for _turn, state in zip(range(turns), cycle(("viewing", "writing", "viewing", "gone")), strict=False):
        time.sleep(random.uniform(0.3, 0.6))
        fields = {"tab": _TAB, "state": state}
        began = time.perf_counter()
        _ask(url, post(path, cookies=cookie, csrf=_CSRF, fields=fields))
        delays.append((heard.seen.get(timeout=_PATIENCE) - began) * 1000)
        floors.append((poll.seen.get(timeout=_PATIENCE) - began) * 1000)
    poll.stop.set()
    heard.close()
    return Figure(
        engine,
        "presence, from one page to another",
        "ms",
        percentile(delays, 0.5),
        percentile(delays, 0.95),
        floor=percentile(floors, 0.5),
        floor_name="a bare loop asking at the same pace",
    )


def _ask(url: str, request: Request) -> None:
    parts = urlsplit(url)
    with socket.create_connection((parts.hostname or "", parts.port or 0)) as line:
        line.sendall(request)
        if not (said := line.recv(4096)).startswith(b"HTTP/1.1 204"):
            raise RuntimeError(f"Presence was answered {said[:300]!r}")


class _Poll:
    """A thread that asks the database whether Bob's tab has changed."""

    def __init__(self) -> None:
        self.seen: queue.Queue[float] = queue.Queue()
        self.stop = threading.Event()
        self._sql = f"SELECT state FROM {Presence._meta.db_table} WHERE tab = %s"
        self._last = self._look()
        threading.Thread(target=self._run, daemon=True).start()

    def _look(self) -> object:
        with connection.cursor() as cursor:
            cursor.execute(self._sql, [_TAB])
            return cursor.fetchone()

    def _run(self) -> None:
        while not self.stop.wait(_INTERVAL):
            if (last := self._look()) != self._last:
                self.seen.put(time.perf_counter())
                self._last = last
        connection.close()
