"""The trash: POST throws a conversation away, DELETE restores it."""

from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext as _

from postroom.core.conversations.actions.trash import restore, trash
from postroom.core.conversations.models import Conversation
from postroom.core.conversations.scheduled import scheduled
from postroom.faces.web.access import person
from postroom.faces.web.verbs import Done, Undo, asks, verb


@verb
def trashing(request: HttpRequest, conversation: Conversation) -> Done:
    """Throw away, and go on with the next; or take back."""
    here = reverse("trash", args=[conversation.pk])
    if asks(request) == "DELETE":
        did = restore(conversation, by=person(request))
        sentence = _("Restored #%(number)s.") % {"number": conversation.pk}
        return Done(sentence, undo=Undo("POST", here)) if did else Done()
    waiting = scheduled().filter(conversation=conversation).count()
    if trash(conversation, by=person(request)):
        sentence = _("#%(number)s is in the trash.") % {"number": conversation.pk}
        if waiting:
            sentence += " " + _("What was scheduled in it does not leave.")
        return Done(sentence, undo=Undo("DELETE", here), leave=True)
    return Done()
