"""How urgent a conversation is."""

from django.http import HttpRequest

from postroom.core.conversations.actions.prioritize import NoSuchPriority, set_priority
from postroom.core.conversations.models import Conversation
from postroom.faces.web.access import person
from postroom.faces.web.verbs import Done, verb


@verb
def priority(request: HttpRequest, conversation: Conversation) -> Done:
    """Set it to `priority`: -1 low, 0 normal, 1 high, 2 urgent."""
    text = request.POST.get("priority", "")
    if text not in ("-1", "0", "1", "2"):
        raise NoSuchPriority
    set_priority(conversation, priority=int(text), by=person(request))
    return Done()
