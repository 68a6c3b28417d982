from django.db import transaction
from django.db.models import Q

from postroom.core.conversations.actions.change import change_where
from postroom.core.conversations.actions.gone_owner import free_of_gone_owner
from postroom.core.conversations.actions.hold_back import hold_back, put_back
from postroom.core.conversations.allowed import must_answer
from postroom.core.conversations.models import CLOSED, OPEN, PENDING, SNOOZED, SPAM, TRASH, Conversation
from postroom.core.events.actor import Actor
from postroom.core.events.kinds import Restored, Trashed
from postroom.core.events.record import record
from postroom.lib import clock

# From which it can be thrown away, and to which it goes back.
_OTHERS = (OPEN, PENDING, SNOOZED, CLOSED, SPAM)


def trash(conversation: Conversation, *, by: Actor) -> bool:
    """Throw the conversation away: nothing is deleted, and a customer's next mail brings it back.

    Its scheduled replies do not leave. Its opposite is `restore`. False when it was there already.
    """
    must_answer(conversation.mailbox_id, by=by)
    with transaction.atomic():
        thrown = {"status": TRASH, "trashed_at": clock.now()}
        if not any(change_where(conversation, Q(status=was), status_before=was, **thrown) for was in _OTHERS):
            return False
        record(Trashed(), by=by, mailbox_id=conversation.mailbox_id, conversation_id=conversation.pk)
        hold_back(conversation, why=TRASH, by=by)
    return True


def restore(conversation: Conversation, *, by: Actor) -> bool:
    """Give it the status again that it had, and let its replies leave that are not late. False when it is not there."""
    must_answer(conversation.mailbox_id, by=by)
    with transaction.atomic():
        if not any(_restored(conversation, to=was) for was in _OTHERS):
            return False
        if conversation.status in (OPEN, PENDING, SNOOZED):
            free_of_gone_owner(conversation)
        record(Restored(), by=by, mailbox_id=conversation.mailbox_id, conversation_id=conversation.pk)
        put_back(conversation, why=TRASH, by=by)
    return True


def _restored(conversation: Conversation, *, to: str) -> bool:
    thrown = Q(status=TRASH, status_before=to)
    if to == OPEN:
        thrown |= Q(status=TRASH, status_before=None)
    return change_where(conversation, thrown, status=to, status_before=None, trashed_at=None)
