from django.db import transaction
from django.db.models import Q

from postroom.core.conversations.actions.change import change_where
from postroom.core.conversations.actions.gone_owner import free_of_gone_owner
from postroom.core.conversations.actions.hold_back import hold_back, put_back
from postroom.core.conversations.allowed import must_answer
from postroom.core.conversations.models import MERGED, OPEN, SPAM, Conversation
from postroom.core.conversations.models.conversation import NOT_AWAY
from postroom.core.events.actor import Actor
from postroom.core.events.kinds import MarkedNotSpam, MarkedSpam
from postroom.core.events.record import record


def mark_spam(conversation: Conversation, *, by: Actor) -> bool:
    """Put the conversation away as junk; nothing is deleted. False when it was there already."""
    must_answer(conversation.mailbox_id, by=by)
    with transaction.atomic():
        junk = {"status": SPAM, "waiting_since": None, **NOT_AWAY}
        if not change_where(conversation, ~Q(status__in=(SPAM, MERGED)), **junk):
            return False
        record(MarkedSpam(), by=by, mailbox_id=conversation.mailbox_id, conversation_id=conversation.pk)
        hold_back(conversation, why=SPAM, by=by)
    return True


def not_spam(conversation: Conversation, *, by: Actor) -> bool:
    """Take the conversation back from the junk, open. False when it was not there."""
    must_answer(conversation.mailbox_id, by=by)
    with transaction.atomic():
        if not change_where(conversation, Q(status=SPAM), status=OPEN, closed_at=None):
            return False
        free_of_gone_owner(conversation)
        record(MarkedNotSpam(), by=by, mailbox_id=conversation.mailbox_id, conversation_id=conversation.pk)
        put_back(conversation, why=SPAM, by=by)
    return True
