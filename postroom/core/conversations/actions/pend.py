from django.db import transaction
from django.db.models import Q

from postroom.core.conversations.actions.change import change_where
from postroom.core.conversations.allowed import must_answer
from postroom.core.conversations.models import CLOSED, OPEN, PENDING, SNOOZED, Conversation
from postroom.core.conversations.models.conversation import NOT_AWAY
from postroom.core.events.actor import Actor
from postroom.core.events.kinds import MarkedPending
from postroom.core.events.record import record


def mark_pending(conversation: Conversation, *, by: Actor) -> bool:
    """Say that somebody else has to act first; its opposite is `reopen`. False when it was so, spam or in the trash."""
    must_answer(conversation.mailbox_id, by=by)
    with transaction.atomic():
        others = Q(status__in=(OPEN, SNOOZED, CLOSED))
        if not change_where(conversation, others, status=PENDING, closed_at=None, **NOT_AWAY):
            return False
        record(MarkedPending(), by=by, mailbox_id=conversation.mailbox_id, conversation_id=conversation.pk)
    return True
