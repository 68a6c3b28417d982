"""Hear of everything in a conversation that is somebody else's. No event: it is private to the reader."""

from postroom.core.accounts.models import User
from postroom.core.conversations.models import Conversation, Following


def follow(conversation: Conversation, *, by: User) -> bool:
    """Tell this person of what happens here; False when they are told already. Only what they see is ever told."""
    _row, made = Following.objects.get_or_create(user=by, conversation=conversation)
    return made


def unfollow(conversation: Conversation, *, by: User) -> bool:
    """Tell them no more; False when they did not follow."""
    gone, _rows = Following.objects.filter(user=by, conversation=conversation).delete()
    return bool(gone)
