"""Settle by itself what was uncertain, once it shows elsewhere what happened. Nothing is ever sent from here."""

from django.db import transaction
from django.db.models import Exists, Q
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from postroom.core.accounts.models import Mailbox
from postroom.core.conversations.former import is_or_was_in
from postroom.core.conversations.models import Delivery, Message
from postroom.core.conversations.models.delivery import WAITING
from postroom.core.conversations.models.message import IN, OUT, REFUSED, SENDING, SENT, UNCERTAIN
from postroom.core.events.actor import SYSTEM
from postroom.core.events.kinds import ReplySettled
from postroom.core.events.record import record
from postroom.lib import clock

# What shows that it left: an answer that quotes it, itself come back, itself in the Sent folder, a report about it.
ANSWER = "answer"
COPY = "copy"
SENT_FOLDER = "sent_folder"
REPORT = "report"
# It left, and a report says that nobody got it.
BOUNCE = "bounce"

SEEN: dict[str, Promise] = {
    ANSWER: _("found out that a reply was sent after all: an answer quotes it"),
    COPY: _("found out that a reply was sent after all: a copy of it came back"),
    SENT_FOLDER: _("found out that a reply was sent after all: it lies in the Sent folder"),
    REPORT: _("found out that a reply was sent after all: a mail system reports on it"),
    BOUNCE: _("found out that a reply reached nobody: a mail system returned it"),
}


def seen_elsewhere(rfc_id: str, *, mailbox: Mailbox, how: str) -> bool:
    """Say that a reply did leave after all; tell whether it was uncertain until now.

    `rfc_id` with its angle brackets. `how` is a code of SEEN.
    """
    return any_seen_elsewhere([rfc_id], mailbox=mailbox, how=how)


def any_seen_elsewhere(rfc_ids: list[str], *, mailbox: Mailbox, how: str) -> bool:
    """The same for a mail that quotes several ids: one query when none of them is uncertain."""
    found = Message.objects.filter(
        _open(),
        is_or_was_in(mailbox),
        kind=OUT,
        rfc_id__in=rfc_ids,
        # Where some have it for sure, what they answer says nothing of those for whom it is uncertain.
        sent_at=None,
    )
    return sum(left(message, how=how) for message in found.select_related("conversation")) > 0


def left(message: Message, *, how: str) -> bool:
    """Settle an uncertain reply as sent; False when it was not uncertain."""
    return _settle(message, how=how, delivery=SENT, sent_at=message.sent_at or clock.now())


def look_back(message: Message) -> bool:
    """Settle a reply that became uncertain only now by what has come meanwhile: a dead worker is noticed late."""
    if message.deliveries.filter(report_id__isnull=False).exists():
        return left(message, how=REPORT)
    quotes = Q(in_reply_to__contains=message.rfc_id) | Q(references__contains=message.rfc_id)
    later = Message.objects.filter(quotes, conversation=message.conversation_id, kind=IN, pk__gt=message.pk)
    return later.exists() and left(message, how=ANSWER)


def came_back(message: Message, *, words: str) -> bool:
    """Settle an uncertain reply as refused, since nobody got it; False when it was not uncertain."""
    return _settle(message, how=BOUNCE, delivery=REFUSED, delivery_words=words[:2000])


def _open() -> Q:
    # A worker that is gone has left it "sending"; one that still holds it will say itself what came of it.
    return Q(delivery=UNCERTAIN) | Q(delivery=SENDING, leased_until__lt=clock.now())


def _settle(message: Message, *, how: str, **fields: object) -> bool:
    # Where some had it before and this try was for the others, what the first ones say tells nothing of those.
    others = Delivery.objects.filter(message=message.pk, state=WAITING)
    with transaction.atomic():
        rows = Message.objects.filter(_open(), Q(sent_at=None) | ~Exists(others), pk=message.pk)
        if not rows.update(leased_until=None, **fields):
            return False
        message.delivery = str(fields["delivery"])
        record(
            ReplySettled(how=how, sent=fields["delivery"] == SENT),
            by=SYSTEM,
            mailbox_id=message.conversation.mailbox_id,
            conversation_id=message.conversation_id,
            message_id=message.pk,
        )
    return True
