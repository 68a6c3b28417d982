"""Whether the reader hears of everything in a conversation."""

from postroom.core.accounts.models import User
from postroom.core.conversations.models import Conversation, Following
from postroom.lib.rows import find


def follows(user: User, conversation: Conversation) -> bool:
    """Tell whether this person follows the conversation."""
    return find(Following, ("id",), user_id=user.pk, conversation_id=conversation.pk) is not None
