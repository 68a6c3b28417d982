"""Who is told of which event: those who may see its conversation."""

from collections.abc import Collection, Sequence

from postroom.core.accounts.models import Membership
from postroom.core.conversations.seers import who_see
from postroom.core.events.models import Event


def audience(events: Sequence[Event], *, user_ids: Collection[int]) -> dict[int, list[Event]]:
    """Return for each of these people the events they may know of, in the order given: nothing for the deactivated.

    An event without a conversation is told to the members of its mailbox, and one without a mailbox to nobody. It takes
    five queries at most, however many the people are: two hundred of them hear of it at once.
    """
    conversations = {event.conversation_id for event in events if event.conversation_id is not None}
    mailboxes = {event.mailbox_id for event in events if event.conversation_id is None and event.mailbox_id is not None}
    seers, members = who_see(conversations, among=user_ids), _members(mailboxes, among=user_ids)
    told: dict[int, list[Event]] = {user_id: [] for user_id in user_ids}
    for event in events:
        if event.conversation_id is not None:
            hear: Collection[int] = seers.get(event.conversation_id, ())
        else:
            hear = members.get(event.mailbox_id or 0, ())
        for user_id in hear:
            told[user_id].append(event)
    return told


def _members(mailboxes: Collection[int], *, among: Collection[int]) -> dict[int, list[int]]:
    members: dict[int, list[int]] = {}
    if mailboxes:
        rows = Membership.objects.filter(mailbox_id__in=mailboxes, user_id__in=among, user__is_active=True)
        for mailbox_id, user_id in rows.values_list("mailbox_id", "user_id"):
            members.setdefault(mailbox_id, []).append(user_id)
    return members
