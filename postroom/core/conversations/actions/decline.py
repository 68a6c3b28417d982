from django.db import transaction
from django.db.models import F, Value
from django.db.models.functions import Concat, Substr

from postroom.core.conversations.allowed import must_answer
from postroom.core.conversations.evidence import DECLINED
from postroom.core.conversations.models import Message
from postroom.core.events.actor import Actor
from postroom.core.events.kinds import OfferDeclined, OfferRestored
from postroom.core.events.record import record


def decline(message: Message, *, by: Actor) -> bool:
    """Say that the message does not belong to the conversation it was offered to. False when nothing was offered."""
    must_answer(message.conversation.mailbox_id, by=by)
    with transaction.atomic():
        offered = Message.objects.filter(pk=message.pk, offered_id__isnull=False)
        offered = offered.exclude(offered_by="").exclude(offered_by__startswith=DECLINED)
        if message.offered_id is None or not offered.update(offered_by=Concat(Value(DECLINED), F("offered_by"))):
            return False
        _record(OfferDeclined(to=message.offered_id), message, by)
    return True


def restore(message: Message, *, by: Actor) -> bool:
    """Offer it again. False when no offer was declined."""
    must_answer(message.conversation.mailbox_id, by=by)
    with transaction.atomic():
        declined = Message.objects.filter(pk=message.pk, offered_id__isnull=False, offered_by__startswith=DECLINED)
        if message.offered_id is None or not declined.update(offered_by=Substr("offered_by", len(DECLINED) + 1)):
            return False
        _record(OfferRestored(to=message.offered_id), message, by)
    return True


def _record(kind: OfferDeclined | OfferRestored, message: Message, by: Actor) -> None:
    record(
        kind,
        by=by,
        mailbox_id=message.conversation.mailbox_id,
        conversation_id=message.conversation_id,
        message_id=message.pk,
    )
