"""How many mails a second become conversations: raw bytes to what is committed, threaded and cleaned, one commit each.

One worker takes them as its LMTP door does, whose senders do not wait for each other: in the door's threads, as many as
it has, so that one mail is read while the disk writes another. Each mail still has its own commit.

HTML is cleaned when it is shown, since the rules improve and the stored mail does not. So that the figure holds for
mail that somebody reads, its cleaning is done here as well, inside the measured time.
"""

import os
import random
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from bench.dataset import MAILBOXES, MESSAGES_EACH
from bench.figures import Figure
from bench.mails import Asked, Mail, Post
from postroom.channels.mail.intake import accept
from postroom.channels.mail.models import FILED
from postroom.channels.mail.transports.lmtp import THREADS
from postroom.channels.mail.transports.threads import DatabaseThreads
from postroom.core.accounts.models import Mailbox
from postroom.core.conversations.models import Message
from postroom.lib.html.clean import view

_BATCH = 100


def intake(engine: str, *, folder: Path, seconds: float, conversations: int) -> Figure:
    """Take mails in, in turns with plain synced writes of the same bytes, beside so many conversations."""
    mailbox = Mailbox.objects.earliest("pk")
    post = Post(seed=conversations, known=_known(conversations) if conversations else None)
    ours = floor = cpu = 0.0
    count = 0
    with _senders() as at_once:
        at_once(lambda mail: _take(mail, mailbox=mailbox), [post.next() for _ in range(_BATCH)])
        until = time.monotonic() + seconds
        while time.monotonic() < until:
            mails = [post.next() for _ in range(_BATCH)]
            started, worked = time.perf_counter(), time.process_time()
            at_once(lambda mail: _take(mail, mailbox=mailbox), mails)
            between = time.perf_counter()
            cpu += time.process_time() - worked
            at_once(lambda mail: _write(folder / f"floor-{id(mail)}", mail.raw), mails)
            ours, floor = ours + between - started, floor + time.perf_counter() - between
            count += _BATCH
    _check(count, mailbox=mailbox)
    return Figure(
        engine,
        f"intake beside {conversations:,} conversations, {cpu / count * 1000:.1f} ms of CPU each",
        "mails/s",
        count / ours,
        floor=count / floor,
        floor_name="synced write of the same bytes",
        rate=True,
    )


@contextmanager
def _senders() -> Iterator[Callable[[Callable[[Mail], None], list[Mail]], None]]:
    """Give what does a work for each mail in the door's own kind of threads, and waits for all of them."""
    threads = DatabaseThreads(THREADS, name="bench")

    def at_once(work: Callable[[Mail], None], mails: list[Mail]) -> None:
        list(threads.executor.map(lambda mail: threads.run(lambda: work(mail)), mails))

    try:
        yield at_once
    finally:
        threads.close()


def _take(mail: Mail, *, mailbox: Mailbox) -> None:
    row = accept(mail.raw, mailbox=mailbox, transport="lmtp", at_once=True)
    if row.state != FILED:
        raise RuntimeError("A mail was taken in and not filed.")
    if mail.html:
        view(mail.html)


def _check(count: int, *, mailbox: Mailbox) -> None:
    """Every other mail answered something and has to lie there: a figure for mail filed wrongly is worth nothing."""
    newest = Message.objects.filter(conversation__mailbox=mailbox).order_by("-pk")[:count]
    joined = sum(bool(message.joined_by) for message in newest)
    if joined < count // 2:
        raise RuntimeError(f"Of {count} mails {joined} joined a conversation, not half of them.")


def _known(conversations: int) -> Callable[[random.Random], Asked]:
    """Return what picks a message of the data set in the first mailbox, anywhere in it (dataset.py has the numbers)."""

    def pick(chance: random.Random) -> Asked:
        conversation = MAILBOXES * chance.randint(1, conversations // MAILBOXES)
        return Asked(f"{conversation * MESSAGES_EACH}@bench.example", f"customer{conversation}@customers.example")

    return pick


def _write(path: Path, data: bytes) -> None:
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    os.write(descriptor, data)
    os.fdatasync(descriptor)
    os.close(descriptor)
    path.unlink()
