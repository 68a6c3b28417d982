"""Whose turn it is: a waiting mail is leased to one worker at a time, and each try is counted before it begins."""

from datetime import timedelta

from django.db import connection, transaction
from django.db.models import F, Q, QuerySet

from postroom.channels.mail.models import STORED, IncomingMail
from postroom.lib import clock

# Filing takes milliseconds; a mail that keeps a worker busy longer has probably killed it.
LEASE = timedelta(seconds=60)


def claim() -> IncomingMail | None:
    """Lease the oldest waiting mail and count the try, durably; None when nothing waits.

    `attempts` then tells this claim from every other one: whoever files has to show it (see `held`).
    """
    # Asked outside a transaction, since on SQLite every transaction takes the write lock.
    if not _waiting().exists():
        return None
    with transaction.atomic():
        mail = _waiting().select_for_update(skip_locked=True, of=("self",)).first()
        if mail is None:
            return None
        claimed = _waiting().filter(pk=mail.pk).order_by()
        if not claimed.update(attempts=F("attempts") + 1, leased_until=clock.now() + LEASE):
            return None
    return IncomingMail.objects.select_related("mailbox").get(pk=mail.pk)


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
    return IncomingMail.objects.filter(free, state=STORED).order_by("pk")
