from django.db import transaction

from postroom.core.conversations.actions.refusals import AlreadySent
from postroom.core.conversations.actions.reply import lock
from postroom.core.conversations.allowed import must_answer
from postroom.core.conversations.models import Conversation, Message
from postroom.core.conversations.models.delivery import TURNED_AWAY, WAITING
from postroom.core.conversations.models.message import CANCELLED, DEFERRED, IN, OUT, QUEUED, REFUSED, UNCERTAIN
from postroom.core.events.actor import Actor
from postroom.core.events.kinds import ReplyRetried, ReplyUnsent
from postroom.core.events.record import record
from postroom.lib import clock
from postroom.lib.text import snippet


def unsend(message: Message, *, by: Actor) -> bool:
    """Take a reply back that has not left; AlreadySent when it has. False when it was taken back before.

    A refused one, and one that waits for another try, never reached the customer: they can be taken back too. One that
    some of its recipients have is sent, although it goes round again for the others.
    """
    must_answer(message.conversation.mailbox_id, by=by)
    if message.kind != OUT:
        raise AlreadySent
    with transaction.atomic():
        conversation = message.conversation
        lock(conversation)
        waiting = Message.objects.filter(pk=message.pk, delivery__in=(QUEUED, DEFERRED, REFUSED), sent_at__isnull=True)
        if not waiting.update(delivery=CANCELLED, leased_until=None):
            if Message.objects.filter(pk=message.pk, delivery=CANCELLED).exists():
                return False
            raise AlreadySent
        message.delivery = CANCELLED
        untouch(conversation)
        record(
            ReplyUnsent(),
            by=by,
            mailbox_id=conversation.mailbox_id,
            conversation_id=conversation.pk,
            message_id=message.pk,
        )
    return True


def retry(message: Message, *, by: Actor) -> bool:
    """Try again now, asked for by a person. False when the reply is not waiting for that.

    An uncertain one may reach the customer twice: the page says so before it asks for this.
    """
    conversation = message.conversation
    must_answer(conversation.mailbox_id, by=by)
    with transaction.atomic():
        now = Message.objects.filter(pk=message.pk).values_list("delivery", "sent_at").first()
        was, sent_at = now or ("", None)
        if was not in (DEFERRED, REFUSED, UNCERTAIN):
            return False
        stuck = Message.objects.filter(pk=message.pk, delivery=was)
        if not stuck.update(delivery=QUEUED, send_after=clock.now(), attempts=0):
            return False
        message.delivery = QUEUED
        if was != UNCERTAIN and sent_at is None:
            # Nobody has it, so it is for all of them again. Of an uncertain one those are left out who surely do not.
            message.deliveries.filter(state=TURNED_AWAY).update(state=WAITING)
        record(
            ReplyRetried(),
            by=by,
            mailbox_id=conversation.mailbox_id,
            conversation_id=conversation.pk,
            message_id=message.pk,
        )
    return True


def untouch(conversation: Conversation) -> None:
    """Make the list's copies as if what was cancelled had not been written; with the row locked."""
    messages = conversation.messages.exclude(delivery=CANCELLED).order_by("pk")
    last = messages.last()
    talk = messages.filter(side_thread=None)
    # What somebody took back is in no list.
    said = talk.filter(retracted_at=None).last()
    answered = talk.filter(kind=OUT).last()
    unanswered = talk.filter(kind=IN, pk__gt=answered.pk if answered else 0).first()
    Conversation.objects.filter(pk=conversation.pk).update(
        message_count=messages.count(),
        last_message_id=last.pk if last else None,
        last_activity_at=last.created_at if last else conversation.created_at,
        last_from=(said.from_name or said.from_email)[:200] if said else "",
        snippet=snippet(said.text, length=200) if said else "",
        waiting_since=unanswered.created_at if unanswered else None,
    )
