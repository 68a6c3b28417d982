"""Send what is due, once.

queued or deferred -> leased (this worker has it; nothing said yet) -> sending (the mail is being handed over) -> sent.
A worker that dies while leased loses nothing: the lease runs out and another tries. One that dies while sending leaves
the question open whether the server took it: the reply becomes uncertain and waits for a person.
"""

from datetime import timedelta

from django.db import connection, transaction
from django.db.models import F, Q, QuerySet

from postroom.core.conversations.models import Message
from postroom.core.conversations.models.message import (
    DEFERRED,
    LEASED,
    QUEUED,
    REFUSED,
    SENDING,
    SENT,
    UNCERTAIN,
)
from postroom.core.events.actor import SYSTEM
from postroom.core.events.kinds import Kind, ReplyDeferred, ReplyRefused, ReplySent, ReplyUncertain
from postroom.core.events.record import record
from postroom.core.outbox.outcomes import Deferred, NotSent, Uncertain
from postroom.core.outbox.patience import wait_before
from postroom.core.outbox.transport import Transport
from postroom.lib import clock
from postroom.lib.killpoint import killpoint

LEASE = timedelta(minutes=10)
WORDS_LOST = "The worker stopped while the mail was being handed over. Nobody knows whether the server took it."


def deliver_next(transport: Transport) -> bool:
    """Send the next message that is due; False when there is none. The network is used outside any transaction."""
    give_up_lost()
    message = _claim()
    if message is None:
        return False
    killpoint("after_lease")
    try:
        words = transport.send(message, before_data=lambda: _begin(message))
    except NotSent as outcome:
        _settle_failure(message, outcome)
    else:
        killpoint("after_data")
        _settle(message, SENT, ReplySent(), words=words, sent_at=clock.now())
    return True


def give_up_lost() -> int:
    """Let go of what a dead worker held: leased ones are free again, half-sent ones uncertain. Return how many."""
    lost = Message.objects.filter(delivery__in=(LEASED, SENDING), leased_until__lt=clock.now())
    # In the order of their index: SQLite would walk all messages to give them in another.
    held = list(lost.select_related("conversation").order_by("leased_until")[:100])
    for message in held:
        if message.delivery == SENDING:
            _settle(message, UNCERTAIN, ReplyUncertain(words=WORDS_LOST), words=WORDS_LOST)
        else:
            Message.objects.filter(pk=message.pk, delivery=LEASED, leased_until=message.leased_until).update(
                delivery=QUEUED, leased_until=None
            )
    return len(held)


def end_leases() -> int:
    """Let every lease run out now. Only right where no other worker can be: on SQLite, when the worker starts."""
    held = Message.objects.filter(delivery__in=(LEASED, SENDING), leased_until__isnull=False)
    return held.update(leased_until=clock.now())


def due() -> QuerySet[Message]:
    """Return the messages to send now, the longest waiting first."""
    now = clock.now()
    return Message.objects.filter(delivery__in=(QUEUED, DEFERRED), send_after__lte=now).order_by("send_after", "pk")


def _claim() -> Message | None:
    with transaction.atomic():
        rows = due().select_for_update(skip_locked=True) if connection.features.has_select_for_update else due()
        message = rows.first()
        if message is None:
            return None
        # The condition is repeated: of two workers that saw the same row, one gets it.
        claimed = Message.objects.filter(pk=message.pk, delivery=message.delivery).update(
            delivery=LEASED, leased_until=clock.now() + LEASE, attempts=F("attempts") + 1
        )
    if not claimed:
        return None
    return Message.objects.select_related("conversation__mailbox", "author").get(pk=message.pk)


def _begin(message: Message) -> None:
    """Note, durably, that from now on the server may have the mail; Deferred when it is no longer ours to send."""
    ours = Message.objects.filter(pk=message.pk, delivery=LEASED, leased_until=message.leased_until)
    if not ours.update(delivery=SENDING):
        raise Deferred("Another worker took this message over.")
    message.delivery = SENDING
    killpoint("before_data")


def _settle_failure(message: Message, outcome: NotSent) -> None:
    words = str(outcome)
    wait = wait_before(message.attempts)
    if isinstance(outcome, Uncertain):
        _settle(message, UNCERTAIN, ReplyUncertain(words=words), words=words)
    elif isinstance(outcome, Deferred) and wait is not None:
        _settle(message, DEFERRED, ReplyDeferred(words=words), words=words, send_after=clock.now() + wait)
    else:
        _settle(message, REFUSED, ReplyRefused(words=words), words=words)


def _settle(message: Message, state: str, kind: Kind, *, words: str, **fields: object) -> None:
    """Record how the try ended, unless somebody else has recorded an end already."""
    held = Q(pk=message.pk, delivery__in=(LEASED, SENDING), leased_until=message.leased_until)
    with transaction.atomic():
        settled = Message.objects.filter(held).update(
            delivery=state, leased_until=None, delivery_words=words[:2000], **fields
        )
        if settled:
            record(
                kind,
                by=SYSTEM,
                mailbox_id=message.conversation.mailbox_id,
                conversation_id=message.conversation_id,
                message_id=message.pk,
            )
