"""Who is told of which event: those who may see its conversation."""

from collections.abc import Collection, Sequence

from postroom.core.accounts.models import Membership, User
from postroom.core.conversations.models import Conversation
from postroom.core.events.models import Event


def audience(events: Sequence[Event], *, user_ids: Collection[int]) -> dict[int, list[Event]]:
    """Return for each of these people who is still active the events they may know of, in the order given.

    An event without a conversation is told to the members of its mailbox, and one without a mailbox to nobody.
    """
    conversations = {event.conversation_id for event in events if event.conversation_id is not None}
    mailboxes = {event.mailbox_id for event in events if event.conversation_id is None and event.mailbox_id is not None}
    told: dict[int, list[Event]] = {}
    for user in User.objects.filter(pk__in=user_ids, is_active=True):
        visible = _visible(user, conversations)
        own = _own(user, mailboxes)
        told[user.pk] = [
            event
            for event in events
            if (event.mailbox_id in own if event.conversation_id is None else event.conversation_id in visible)
        ]
    return told


def _visible(user: User, conversations: Collection[int]) -> set[int]:
    if not conversations:
        return set()
    return set(Conversation.objects.visible_to(user).filter(pk__in=conversations).values_list("pk", flat=True))


def _own(user: User, mailboxes: Collection[int]) -> set[int]:
    if not mailboxes:
        return set()
    return set(Membership.objects.filter(user=user, mailbox_id__in=mailboxes).values_list("mailbox_id", flat=True))
