"""What the head of a conversation says of a loop."""

from datetime import datetime

from django.db.models import QuerySet

from postroom.channels.mail.loops import OVER_AFTER
from postroom.channels.mail.models import Loop
from postroom.core.conversations.models import Conversation
from postroom.lib import clock
from postroom.lib.prepared import prepared


def loop_of(conversation: Conversation) -> Loop | None:
    """Return the loop that goes on in this conversation, if any: one query by its index."""
    return next(iter(_newest(conversation.pk, clock.now() - OVER_AFTER)), None)


@prepared
def _newest(conversation_id: int, since: datetime) -> QuerySet[Loop]:
    return Loop.objects.filter(conversation=conversation_id, last_at__gte=since).order_by("pk")[:1]
