from django.db import transaction
from django.db.models import Q
from django.utils.translation import gettext as _

from postroom.core.conversations.actions.change import change_where
from postroom.core.conversations.allowed import must_answer
from postroom.core.conversations.models import PRIORITIES, Conversation
from postroom.core.events.actor import Actor
from postroom.core.events.kinds import PrioritySet
from postroom.core.events.record import record


class NoSuchPriority(Exception):
    """A priority is one of -1 (low), 0 (normal), 1 (high) and 2 (urgent)."""

    def __init__(self) -> None:
        super().__init__(_("A priority is low, normal, high or urgent. Nothing was changed."))


def set_priority(conversation: Conversation, *, priority: int, by: Actor) -> bool:
    """Set the priority: -1 low, 0 normal, 1 high, 2 urgent. False when it was that already."""
    must_answer(conversation.mailbox_id, by=by)
    if priority not in PRIORITIES:
        raise NoSuchPriority
    old = conversation.priority
    with transaction.atomic():
        if not change_where(conversation, ~Q(priority=priority), priority=priority):
            return False
        kind = PrioritySet(old=old, new=priority)
        record(kind, by=by, mailbox_id=conversation.mailbox_id, conversation_id=conversation.pk)
    return True
