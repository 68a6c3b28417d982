"""Junk: POST puts a conversation away, DELETE takes it back."""

from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext as _

from postroom.core.conversations.actions.spam import mark_spam, not_spam
from postroom.core.conversations.models import Conversation
from postroom.faces.web.access import person
from postroom.faces.web.verbs import Done, Undo, asks, verb


@verb
def spam(request: HttpRequest, conversation: Conversation) -> Done:
    """Mark as spam, and go on with the next; or say that it is none."""
    here = reverse("spam", args=[conversation.pk])
    if asks(request) == "DELETE":
        did = not_spam(conversation, by=person(request))
        sentence = _("#%(number)s is back among the open ones.") % {"number": conversation.pk}
        return Done(sentence, undo=Undo("POST", here)) if did else Done()
    if mark_spam(conversation, by=person(request)):
        sentence = _("#%(number)s is in Spam.") % {"number": conversation.pk}
        return Done(sentence, undo=Undo("DELETE", here), leave=True)
    return Done()
