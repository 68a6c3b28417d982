"""What a conversation's page says of moments: until when it is snoozed, which replies were kept from leaving, and when
a message stands in the order of things."""

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Any

from django.utils.translation import gettext as _

from postroom.core.conversations.models import Message
from postroom.core.conversations.models.message import CANCELLED, OUT
from postroom.core.events.kinds import ReplyHeldBack, ReplyOvertaken
from postroom.core.events.models import Event
from postroom.faces.web.words import until

KEPT_FROM_LEAVING = (ReplyOvertaken.name, ReplyHeldBack.name)
# What left later than this after it was written was meant to.
_LATER = timedelta(hours=1)


def snoozed_sentence(data: dict[str, Any]) -> str:
    """Say until when, by the reader's clock."""
    try:
        moment = datetime.fromisoformat(str(data.get("until", "")))
    except ValueError:
        return _("snoozed this conversation until they answer")
    return _("snoozed this conversation until %(when)s") % {"when": until(moment)}


def not_sent(events: Iterable[Event]) -> dict[int, Message]:
    """Return the replies that these events kept from leaving and that have not been put back: one query at most."""
    kept = [event for event in events if event.kind in KEPT_FROM_LEAVING and event.message_id]
    if not kept:
        return {}
    numbers, here = {event.message_id for event in kept}, {event.conversation_id for event in kept}
    # Not one that went to another conversation since, which the reader may not see.
    rows = Message.objects.filter(pk__in=numbers, conversation__in=here, delivery=CANCELLED).select_related("author")
    return {message.pk: message for message in rows}


def stands_at(message: Message) -> datetime:
    """Return when it was said: what left later than it was written stands where it left, or will."""
    leaves = message.sent_at or message.send_after
    if message.kind == OUT and leaves is not None and leaves - message.created_at > _LATER:
        return leaves
    return message.created_at
