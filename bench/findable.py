"""From the mail server's "250" to the moment in which a search finds the mail, while fifty mails a second arrive."""

import smtplib
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from itertools import count

from django.db import connection

from bench.figures import Figure, percentile
from bench.mails import BOX, Post
from postroom.core.accounts.models import User
from postroom.core.conversations.condition.words import BY_DATE, Term
from postroom.followers.search.engine import FullText

# Mails a second; of so many one is looked for.
PACE, _EACH = 50, 10
_SENDERS = 4
_PATIENCE = 120.0


def findable(engine: str, *, port: int, alice: User, seconds: float) -> Figure:
    """Post mails at this pace for so long, each with a word of its own, and look for some of them from the first on."""
    sender = _Sender(port)
    wanted: dict[str, float] = {}
    post = Post(seed=int(time.time()), known=None)
    found: list[float] = []
    over = threading.Event()

    def look() -> None:
        until = time.monotonic() + seconds + _PATIENCE
        try:
            while (wanted or not over.is_set()) and time.monotonic() < until:
                for word, since in list(wanted.items()):
                    if FullText().find([Term(word)], user=alice, within=None, order=BY_DATE, before="", limit=1).found:
                        found.append((time.perf_counter() - since) * 1000)
                        del wanted[word]
                time.sleep(0.01)
        finally:
            connection.close()

    def send(raw: bytes, word: str) -> None:
        sender.send(raw)
        if word:
            wanted[word] = time.perf_counter()

    looking = threading.Thread(target=look)
    looking.start()
    started = time.monotonic()
    with ThreadPoolExecutor(max_workers=_SENDERS) as senders:
        for number in count():
            due = started + number / PACE
            if due > started + seconds:
                break
            time.sleep(max(due - time.monotonic(), 0))
            word = f"findable{int(started)}x{number}" if number % _EACH == 0 else ""
            raw = post.next().raw
            senders.submit(send, raw.replace(b"Hello, this is mail", f"Hello {word} this is mail".encode(), 1), word)
    over.set()
    looking.join()
    sender.close()
    if wanted:
        raise RuntimeError(f"{len(wanted)} mails were not found within {_PATIENCE:.0f} s.")
    return Figure(
        engine, f"findable after arrival, at {PACE} mails/s", "ms", percentile(found, 0.5), percentile(found, 0.95)
    )


class _Sender:
    """LMTP, a line for each thread."""

    def __init__(self, port: int) -> None:
        self._port = port
        self._mine = threading.local()
        self._lines: list[smtplib.LMTP] = []

    def send(self, raw: bytes) -> None:
        if not hasattr(self._mine, "line"):
            self._mine.line = smtplib.LMTP("127.0.0.1", self._port, local_hostname="mta.example")
            self._lines.append(self._mine.line)
        self._mine.line.sendmail("ann@customers.example", [BOX], raw)

    def close(self) -> None:
        for line in self._lines:
            with suppress(smtplib.SMTPException, OSError):
                line.quit()
