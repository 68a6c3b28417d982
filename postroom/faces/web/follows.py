"""Whether the reader hears of everything in a conversation."""

from postroom.core.accounts.models import User
from postroom.core.conversations.models import Conversation, Following


def follows(user: User, conversation: Conversation) -> bool:
    """Tell whether this person follows the conversation."""
    return Following.objects.filter(user=user, conversation=conversation).exists()
