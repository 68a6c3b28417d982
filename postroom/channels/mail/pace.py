"""How much a mailbox may send at a time. Several workers ask; one row, locked, answers them one after the other."""

from datetime import datetime, timedelta

from django.db import connection, transaction
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from postroom.channels.mail.models import Departure, SendingRules
from postroom.core.accounts.models import Mailbox
from postroom.core.conversations.models import Message
from postroom.core.conversations.models.message import DEFERRED
from postroom.core.outbox.outcomes import Held
from postroom.lib import clock

_MINUTE = timedelta(minutes=1)
_DAY = timedelta(days=1)


def rules_of(mailbox: Mailbox) -> SendingRules:
    """Return how the mailbox sends; what nobody has said is as the model has it."""
    return SendingRules.objects.filter(mailbox=mailbox).first() or SendingRules(mailbox=mailbox)


def take_turn(mailbox: Mailbox, *, counted_as: int) -> Departure | None:
    """Count one mail of the mailbox as leaving now; Held when it has sent as many as it may. None without a limit.

    `counted_as` is the message's id; a letter of Postroom's own counts under its id with a minus.

    A try that does not hand the mail over gives its turn back by deleting what it got here.
    """
    now = clock.now()
    with transaction.atomic():
        rules = _locked(mailbox)
        if rules is None or not (rules.per_minute or rules.per_day):
            return None
        Departure.objects.filter(mailbox=mailbox, at__lte=now - _DAY).delete()
        held = [_wait(mailbox, limit, window, now=now) for limit, window in _limits(rules)]
        until = max((moment for moment in held if moment), default=None)
        if until is None:
            return Departure.objects.create(mailbox=mailbox, message_id=counted_as, at=now)
    raise Held(_sentence(rules, until, now=now), until=until)


def _locked(mailbox: Mailbox) -> SendingRules | None:
    rows = SendingRules.objects.filter(mailbox=mailbox)
    # SQLite needs no row lock: the transaction holds the only write lock there is.
    return (rows.select_for_update() if connection.features.has_select_for_update else rows).first()


def _limits(rules: SendingRules) -> list[tuple[int, timedelta]]:
    limits = ((rules.per_minute, _MINUTE), (rules.per_day, _DAY))
    return [(limit, window) for limit, window in limits if limit]


def _wait(mailbox: Mailbox, limit: int, window: timedelta, *, now: datetime) -> datetime | None:
    """Return when there is room for one more, behind those that wait already; None when there is now."""
    gone = list(
        Departure.objects.filter(mailbox=mailbox, at__gt=now - window)
        .order_by("-at", "-pk")
        .values_list("at", flat=True)[:limit]
    )
    if len(gone) < limit:
        return None
    # Each gets a turn of its own, so that a thousand do not wake for one place.
    ahead = Message.objects.filter(
        conversation__mailbox=mailbox, delivery=DEFERRED, send_after__gt=now, attempts=0
    ).count()
    return gone[limit - 1 - ahead % limit] + window * (1 + ahead // limit)


def _sentence(rules: SendingRules, until: datetime, *, now: datetime) -> str:
    local = timezone.localtime(until)
    at = date_format(local, "H:i" if until - now < _DAY / 2 else "j F, H:i")
    said = [
        ngettext("%(count)s mail a minute", "%(count)s mails a minute", count) % {"count": count}
        for count in [rules.per_minute]
        if count
    ] + [
        ngettext("%(count)s mail a day", "%(count)s mails a day", count) % {"count": count}
        for count in [rules.per_day]
        if count
    ]
    return _("This mailbox sends %(rates)s at most. The reply waits for its turn, until %(time)s.") % {
        "rates": _(" and ").join(said),
        "time": at,
    }
