"""What the head of a conversation says of a loop."""

from postroom.channels.mail.loops import OVER_AFTER
from postroom.channels.mail.models import Loop
from postroom.core.conversations.models import Conversation
from postroom.lib import clock


def loop_of(conversation: Conversation) -> Loop | None:
    """Return the loop that goes on in this conversation, if any: one query by its index."""
    return Loop.objects.filter(conversation=conversation, last_at__gte=clock.now() - OVER_AFTER).first()
