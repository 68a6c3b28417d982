"""How far a person has read: POST moves the mark, DELETE shows the conversation as unread again."""

from django.http import HttpRequest
from django.utils.translation import gettext as _

from postroom.core.conversations.actions.read import mark_read, mark_unread
from postroom.core.conversations.models import Conversation
from postroom.faces.web.access import person
from postroom.faces.web.fragments import small_number
from postroom.faces.web.verbs import Done, asks, private_verb
from postroom.followers.notifications.read import see


@private_verb
def reading(request: HttpRequest, conversation: Conversation) -> Done:
    """Remember `message` as seen; never one that this conversation does not have yet."""
    if asks(request) == "DELETE":
        mark_unread(conversation, by=person(request))
        return Done(_("#%(number)s is unread again.") % {"number": conversation.pk}, leave=True)
    newest = conversation.last_message_id or 0
    seen = min(small_number(request.POST.get("message")) or newest, newest)
    further = bool(seen) and mark_read(conversation, by=person(request), message_id=seen)
    if see(person(request), conversation=conversation):
        return Done(kind="notifications.seen")
    return Done(kind="conversation.read" if further else "")
