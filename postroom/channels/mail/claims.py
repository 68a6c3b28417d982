"""Whose turn it is: a waiting mail is leased to one worker at a time, and each try is counted before it begins."""

import hashlib
import os
from collections.abc import Collection, Iterator
from contextlib import contextmanager
from datetime import timedelta
from fcntl import LOCK_EX, flock
from typing import Any

from django.conf import settings
from django.db import connection
from django.db.models import Q, QuerySet

from postroom.channels.mail.models import STORED, IncomingMail
from postroom.lib import clock
from postroom.lib.rows import insert
from postroom.lib.statements import run

# Filing takes milliseconds; a mail that keeps a worker busy longer has probably killed it.
LEASE = timedelta(seconds=60)

# PostgreSQL's advisory locks are one room of numbers for everybody: ours begin here ("post").
_LOCKS = 0x706F7374 << 31

# Those with marks go side by side, and not beside one that has to be alone.
_SHARED = """
    SELECT pg_advisory_xact_lock_shared(%s), (SELECT count(pg_advisory_xact_lock(one)) FROM unnest(%s::bigint[]) AS one)
"""

# One statement, so one commit. A mail that is not filed at once costs three in all (stored, tried, filed).
_CLAIM = """
    UPDATE postroom_mail_incomingmail SET attempts = attempts + 1, leased_until = %s
    WHERE state = %s AND id = (
        SELECT id FROM postroom_mail_incomingmail
        WHERE state = %s AND (leased_until IS NULL OR leased_until < %s) ORDER BY id LIMIT 1 {skip_locked}
    ) RETURNING *
"""


def claim() -> IncomingMail | None:
    """Lease the oldest waiting mail and count the try, durably; None when nothing waits.

    `attempts` then tells this claim from every other one: whoever files has to show it (see `held`).
    """
    # Asked first, since on SQLite even an update that changes nothing takes the write lock.
    if not _waiting().exists():
        return None
    now, until = map(connection.ops.adapt_datetimefield_value, (clock.now(), clock.now() + LEASE))
    statement = _CLAIM.format(skip_locked="" if connection.vendor == "sqlite" else "FOR UPDATE SKIP LOCKED")
    mails = list(IncomingMail.objects.raw(statement, [until, STORED, STORED, now]))
    return mails[0] if mails else None


def held(mail: IncomingMail) -> QuerySet[IncomingMail]:
    """Return the row while this claim holds; nothing once another worker took it over or it is filed."""
    return IncomingMail.objects.filter(pk=mail.pk, state=STORED, attempts=mail.attempts)


def settle(mail: IncomingMail, *, state: str, **outcome: Any) -> bool:
    """Write what became of the mail; False when the claim was lost meanwhile. A mail without a row gets one."""
    outcome |= {"state": state, "leased_until": None}
    if has_row(mail):
        return bool(held(mail).update(**outcome))
    for name, value in outcome.items():
        setattr(mail, name, value)
    return insert(mail)


def has_row(mail: IncomingMail) -> bool:
    """Tell whether the mail was stored before it was read; one that is filed at once gets its row with its message."""
    return getattr(mail, "pk", None) is not None


@contextmanager
def in_turn() -> Iterator[None]:
    """Let this machine's threads and processes file one after the other on SQLite, which has one writer at a time.

    Waiting for its lock they would sleep up to a tenth of a second each time, in no order.
    """
    if connection.vendor != "sqlite":
        yield
        return
    # Opened anew each time, since a lock belongs to who opened the file; it ends with the process, however that ends.
    turn = os.open(settings.POSTROOM_DATA / "turn.lock", os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
    try:
        flock(turn, LOCK_EX)
        yield
    finally:
        os.close(turn)


def one_at_a_time(mailbox_id: int, *, marks: Collection[str] = ()) -> None:
    """Wait until no other worker files a mail that may have to do with this one, to the end of the transaction.

    A question and its answer, or the same mail twice, may come in one instant; each has to see the other. `marks` is
    all by which this mail and others find each other; without any it may have to do with every mail of the mailbox.
    """
    if connection.vendor != "postgresql":
        return
    if not marks:
        run("SELECT pg_advisory_xact_lock(%s)", [_LOCKS + mailbox_id])
        return
    # In one order, so that nobody waits in a ring.
    keys = sorted(_key(mailbox_id, mark) for mark in set(marks))
    run(_SHARED, [_LOCKS + mailbox_id, keys])


def _key(mailbox_id: int, mark: str) -> int:
    digest = hashlib.blake2b(f"{mailbox_id} {mark}".encode(errors="surrogatepass"), digest_size=8).digest()
    return int.from_bytes(digest, signed=True)


def hand_back(mail: IncomingMail, *, wait: timedelta) -> None:
    """Let the mail wait, without counting the try: it was not the mail's fault."""
    held(mail).update(attempts=mail.attempts - 1, leased_until=clock.now() + wait)


def free_all() -> int:
    """End every lease. Only right where no other worker can be: on SQLite, when the worker starts."""
    return IncomingMail.objects.filter(state=STORED, leased_until__isnull=False).update(leased_until=None)


def alone() -> bool:
    """Tell whether this engine has one worker only, so that leases found at its start are those of a dead one."""
    return connection.vendor == "sqlite"


def _waiting() -> QuerySet[IncomingMail]:
    free = Q(leased_until__isnull=True) | Q(leased_until__lt=clock.now())
    return IncomingMail.objects.filter(free, state=STORED)
