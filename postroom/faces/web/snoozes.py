"""The way back to a snooze, for the verbs that end it."""

from urllib.parse import urlencode

from django.urls import reverse

from postroom.core.conversations.models import SNOOZED, Conversation
from postroom.faces.web.moments import ANSWER
from postroom.faces.web.verbs import Undo


def back_to_snooze(conversation: Conversation) -> Undo | None:
    """Return the request that snoozes it as it is now; None for one that is not snoozed. Ask before the verb."""
    if conversation.status != SNOOZED:
        return None
    until = conversation.snoozed_until.isoformat() if conversation.snoozed_until else ANSWER
    stay = {"stay": "1"} if conversation.wakes_on_answer is False else {}
    return Undo("POST", f"{reverse('snooze', args=[conversation.pk])}?{urlencode({'until': until, **stay})}")
