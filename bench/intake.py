"""How many mails a second become conversations: raw bytes to what is committed, threaded and cleaned, one commit each.

One worker takes them as its LMTP door does, whose senders do not wait for each other: in the door's threads and, since
this is a rush, in as many more processes as the worker starts for one. Each mail still has its own commit.

HTML is cleaned when it is shown, since the rules improve and the stored mail does not. So that the figure holds for
mail that somebody reads, its cleaning is done here as well, inside the measured time.
"""

import math
import os
import random
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from django.conf import settings

from bench.dataset import MAILBOXES, MESSAGES_EACH
from bench.figures import Figure
from bench.mails import Asked, Mail, Post
from postroom.channels.mail.models import FILED
from postroom.channels.mail.transports.intake_processes import RUSH, IntakeProcesses
from postroom.channels.mail.transports.threads import DatabaseThreads
from postroom.core.accounts.models import Mailbox
from postroom.core.conversations.models import Message
from postroom.lib.html.clean import view

_BATCH = 100


def intake(engine: str, *, folder: Path, seconds: float, conversations: int, reopening: bool = False) -> Figure:
    """Take mails in, in turns with plain synced writes of the same bytes, beside so many conversations.

    Where there are none yet, every other mail answers one that came before and is open. So it does beside many, or,
    `reopening`, one of any of them, most of which are closed and opened again by it: that is more to do.
    """
    mailbox = Mailbox.objects.earliest("pk")
    post = Post(
        seed=conversations + reopening, known=_known(conversations, reopening=reopening) if conversations else None
    )
    ours = floor = 0.0
    count = 0
    plain = _Floor(folder)
    with _door() as (processes, at_once):

        def take(mail: Mail) -> None:
            if processes.accept(mail.raw, mailbox=mailbox, transport="lmtp", at_once=True) != FILED:
                raise RuntimeError("A mail was taken in and not filed.")
            if mail.html:
                view(mail.html)

        while not processes.running:
            at_once(take, [post.next() for _ in range(_BATCH)])
        at_once(take, [post.next() for _ in range(_BATCH)])
        until = time.monotonic() + seconds
        while time.monotonic() < until:
            mails = [post.next() for _ in range(_BATCH)]
            started = time.perf_counter()
            at_once(take, mails)
            between = time.perf_counter()
            at_once(lambda mail: plain.write(mail.raw), mails)
            ours, floor = ours + between - started, floor + time.perf_counter() - between
            count += _BATCH
    _check(count, mailbox=mailbox)
    return Figure(
        engine,
        f"intake beside {conversations:,} conversations{', reopening' if reopening else ''}",
        "mails/s",
        count / ours,
        floor=count / floor,
        floor_name="synced write of the same bytes",
        rate=True,
    )


_AtOnce = Callable[[Callable[[Mail], None], list[Mail]], None]


@contextmanager
def _door() -> Iterator[tuple[IntakeProcesses, _AtOnce]]:
    """Give a door's processes, as many as a worker has here, and what does a work for each mail in a door's threads."""
    processes = IntakeProcesses(settings.POSTROOM_INTAKE_PROCESSES or 1)
    threads = DatabaseThreads(RUSH, name="bench")

    def at_once(work: Callable[[Mail], None], mails: list[Mail]) -> None:
        list(threads.executor.map(work, mails))

    try:
        yield processes, at_once
    finally:
        threads.close()
        processes.close()


def _check(count: int, *, mailbox: Mailbox) -> None:
    """Every other mail answered something and has to lie there: a figure for mail filed wrongly is worth nothing."""
    newest = Message.objects.filter(conversation__mailbox=mailbox).order_by("-pk")[:count]
    joined = sum(bool(message.joined_by) for message in newest)
    if joined < count // 2:
        raise RuntimeError(f"Of {count} mails {joined} joined a conversation, not half of them.")


def _known(conversations: int, *, reopening: bool) -> Callable[[random.Random], Asked]:
    """Return what picks a message of the data set in the first mailbox, anywhere in it (dataset.py has the numbers)."""
    # Of a hundred the first is open.
    step = MAILBOXES if reopening else math.lcm(MAILBOXES, 100)

    def pick(chance: random.Random) -> Asked:
        conversation = step * chance.randint(1, conversations // step)
        return Asked(f"{conversation * MESSAGES_EACH}@bench.example", f"customer{conversation}@customers.example")

    return pick


class _Floor:
    """Plain synced writes: each thread appends to a file of its own.

    No file is made or taken away for it: ext4 goes round the inodes of what was deleted a moment ago one by one, and
    our own new files would cost three times as much (measured).
    """

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._mine = threading.local()

    def write(self, data: bytes) -> None:
        if not hasattr(self._mine, "file"):
            self._mine.file = (self._folder / f"floor-{threading.get_ident()}").open("ab", buffering=0)
        self._mine.file.write(data)
        os.fdatasync(self._mine.file.fileno())
