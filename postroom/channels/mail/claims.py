"""Whose turn it is: a waiting mail is leased to one worker at a time, and each try is counted before it begins."""

from datetime import timedelta

from django.db import connection
from django.db.models import Q, QuerySet

from postroom.channels.mail.models import STORED, IncomingMail
from postroom.lib import clock

# Filing takes milliseconds; a mail that keeps a worker busy longer has probably killed it.
LEASE = timedelta(seconds=60)


# One statement, so one commit: a mail costs three in all (stored, tried, filed).
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
