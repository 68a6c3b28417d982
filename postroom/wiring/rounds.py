"""Every unattended step there is. Each takes one thing that is due, and says whether there was one."""

import time
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial

from django.conf import settings

from postroom.channels.mail.alarms import look_next
from postroom.channels.mail.ledger_counts import sum_up_next
from postroom.channels.mail.receive import file_next
from postroom.channels.mail.transports.census import count_next
from postroom.channels.mail.transports.history import history_next
from postroom.channels.mail.transports.letters import letter_next
from postroom.channels.mail.transports.sent_copy import copy_next
from postroom.core.audit.sealing import seal_next
from postroom.core.conversations.actions.check_files import check_next
from postroom.core.conversations.actions.empty_trash import empty_next
from postroom.core.conversations.actions.forget_files import forget_next
from postroom.core.conversations.actions.snooze import wake_due
from postroom.core.conversations.actions.sweep import sweep_uploads
from postroom.core.conversations.bulk.work import bulk_next
from postroom.core.events.follow import Follower, follow
from postroom.core.outbox.deliver import AT_ONCE, deliver_next
from postroom.followers.notifications.letters import write_next
from postroom.followers.notifications.transports.push import push_next
from postroom.followers.search.files import read_next
from postroom.followers.search.read_again import index_next
from postroom.lib.clamd import Scanned, scan
from postroom.wiring.followers import FOLLOWERS
from postroom.wiring.transports import OUTGOING


@dataclass(frozen=True)
class Round:
    """A named step; `step` returns whether it did something, and is then asked again at once.

    `seconds` is how often to ask although nothing was committed: for what becomes due by the clock alone. `pace` is how
    long commits are let gather before they are looked at: with each page that a team reads there is one, and twenty
    rounds that look at once take a core from those who make the pages.
    """

    name: str
    step: Callable[[], bool]
    seconds: float = 5.0
    # How many may go it at once: a slow mail server should not keep the others waiting.
    threads: int = 1
    pace: float = 0.2


def _scan(data: bytes) -> Scanned:
    return scan(data, at=settings.POSTROOM_CLAMD)


def _followed(follower: Follower) -> bool:
    started = time.monotonic()
    followed = follow(follower) > 0
    if followed:
        # SQLite's write lock goes to whoever asks in the right moment: a long backlog, asked for again at once, kept a
        # reply waiting for 20 s and more. So it leaves as much time as it takes.
        time.sleep(time.monotonic() - started)
    return followed


def _indexed() -> bool:
    # As above: whoever posts a reply comes between two batches of an archive.
    started = time.monotonic()
    indexed = index_next()
    if indexed:
        time.sleep((time.monotonic() - started) / 2)
    return indexed


def _emptied() -> bool:
    # As above.
    started = time.monotonic()
    emptied = empty_next()
    if emptied:
        time.sleep(time.monotonic() - started)
    return emptied


ROUNDS: tuple[Round, ...] = (
    Round("file mail", file_next, pace=0.0),
    # An undo window ends without anybody committing anything.
    # One mailbox holds two hands at most, so that three whose servers hang stop nobody else.
    Round("deliver replies", partial(deliver_next, OUTGOING), seconds=0.5, threads=4 * AT_ONCE, pace=0.0),
    # A snooze ends by the clock alone, and is to end on time.
    Round("wake what was snoozed", wake_due, seconds=1.0),
    Round("send letters", letter_next, seconds=2.0),
    Round("write letters of news", write_next, seconds=5.0),
    # A push service that hangs keeps one thread.
    Round("push news to browsers", push_next, seconds=2.0, threads=2),
    Round("keep sent mail", copy_next, threads=2),
    # A census waits for a mail server, for minutes if need be.
    Round("count what the servers hold", count_next),
    Round("sum up the ledger", sum_up_next),
    Round("take in history", history_next, seconds=2.0),
    Round("change many conversations", bulk_next, seconds=1.0),
    Round("empty the trash", _emptied, seconds=30.0),
    Round("forget files that nothing names", forget_next, seconds=600.0, pace=30.0),
    Round("look for viruses", partial(check_next, _scan), seconds=2.0, threads=2),
    Round("forget uploads that were never sent", sweep_uploads, seconds=3600.0, pace=30.0),
    Round("look for alarms", look_next, seconds=30.0),
    Round("seal the audit log", seal_next, seconds=1.0),
    Round("index what is said", _indexed),
    Round("read files for the search", read_next, seconds=2.0),
    *(Round(f"follow: {follower.name}", partial(_followed, follower)) for follower in FOLLOWERS),
)
