from datetime import datetime

from django.db import transaction
from django.db.models import QuerySet

from postroom.core.conversations.actions.refusals import AlreadySent
from postroom.core.conversations.allowed import must_answer
from postroom.core.conversations.models import Message
from postroom.core.conversations.models.message import QUEUED
from postroom.core.conversations.moments import refuse_impossible
from postroom.core.events.actor import Actor
from postroom.core.events.kinds import ReplyRescheduled
from postroom.core.events.record import record
from postroom.lib import clock


def reschedule(message: Message, *, at: datetime, by: Actor) -> bool:
    """Let a waiting reply leave at another moment. AlreadySent when it is on its way; False when it is so already.

    MomentRefused for a moment that cannot be.
    """
    must_answer(message.conversation.mailbox_id, by=by)
    refuse_impossible(at, now=clock.now())
    return _move(message, at=at, by=by)


def send_now(message: Message, *, by: Actor) -> bool:
    """Let a scheduled reply leave at once. AlreadySent when it is on its way; False when it was due anyway."""
    must_answer(message.conversation.mailbox_id, by=by)
    now = clock.now()
    if message.send_after is not None and message.send_after <= now and message.delivery == QUEUED:
        return False
    return _move(message, at=now, by=by)


def cancel_when_answered(message: Message, *, wanted: bool, by: Actor) -> bool:
    """Choose whether it is cancelled when the customer writes before it leaves. AlreadySent when it is on its way."""
    must_answer(message.conversation.mailbox_id, by=by)
    with transaction.atomic():
        if not _waiting(message).update(cancel_if_answered=wanted):
            raise AlreadySent
        changed = bool(message.cancel_if_answered) != wanted
        message.cancel_if_answered = wanted
        if changed:
            _record(message, by=by)
    return changed


def _move(message: Message, *, at: datetime, by: Actor) -> bool:
    with transaction.atomic():
        if not _waiting(message).update(send_after=at):
            raise AlreadySent
        if message.send_after == at:
            return False
        message.send_after = at
        _record(message, by=by)
    return True


def _waiting(message: Message) -> QuerySet[Message]:
    """The row as long as no worker has it: whoever changes it first decides."""
    return Message.objects.filter(pk=message.pk, delivery=QUEUED, sent_at=None)


def _record(message: Message, *, by: Actor) -> None:
    record(
        ReplyRescheduled(at=message.send_after.isoformat() if message.send_after else ""),
        by=by,
        mailbox_id=message.conversation.mailbox_id,
        conversation_id=message.conversation_id,
        message_id=message.pk,
    )
