from django.db import transaction
from django.db.models import Q

from postroom.core.conversations.actions.change import change_where
from postroom.core.conversations.actions.gone_owner import free_of_gone_owner
from postroom.core.conversations.allowed import must_answer
from postroom.core.conversations.models import CLOSED, OPEN, PENDING, SNOOZED, Conversation
from postroom.core.conversations.models.conversation import NOT_AWAY
from postroom.core.events.actor import Actor
from postroom.core.events.kinds import Closed, Reopened
from postroom.core.events.record import record
from postroom.lib import clock


def close(conversation: Conversation, *, by: Actor) -> bool:
    """Say that the work is done; a customer's next mail opens it again. False when it was not open."""
    must_answer(conversation.mailbox_id, by=by)
    with transaction.atomic():
        unfinished = Q(status__in=(OPEN, PENDING, SNOOZED))
        done = {"status": CLOSED, "closed_at": clock.now(), "waiting_since": None, **NOT_AWAY}
        if not change_where(conversation, unfinished, **done):
            return False
        record(Closed(), by=by, mailbox_id=conversation.mailbox_id, conversation_id=conversation.pk)
    return True


def reopen(conversation: Conversation, *, by: Actor) -> bool:
    """Take the work up again, from closed, pending or snoozed. False when it was open already."""
    must_answer(conversation.mailbox_id, by=by)
    with transaction.atomic():
        resting = Q(status__in=(CLOSED, PENDING, SNOOZED))
        if not change_where(conversation, resting, status=OPEN, closed_at=None, **NOT_AWAY):
            return False
        free_of_gone_owner(conversation)
        record(Reopened(), by=by, mailbox_id=conversation.mailbox_id, conversation_id=conversation.pk)
    return True
