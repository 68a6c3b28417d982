"""A conversation that waits for somebody else: POST marks it so, DELETE opens it again."""

from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext as _

from postroom.core.conversations.actions.close import reopen
from postroom.core.conversations.actions.pend import mark_pending
from postroom.core.conversations.models import CLOSED, Conversation
from postroom.faces.web.access import person
from postroom.faces.web.verbs import Done, Undo, asks, verb


@verb
def pending(request: HttpRequest, conversation: Conversation) -> Done:
    """Mark as pending, and go on with the next; or open again."""
    if asks(request) == "DELETE":
        reopen(conversation, by=person(request))
        return Done()
    was_closed = conversation.status == CLOSED
    if not mark_pending(conversation, by=person(request)):
        return Done()
    closure = reverse("closure", args=[conversation.pk])
    back = Undo("POST", closure) if was_closed else Undo("DELETE", reverse("pending", args=[conversation.pk]))
    return Done(
        _("#%(number)s is pending until they write again.") % {"number": conversation.pk}, undo=back, leave=True
    )
