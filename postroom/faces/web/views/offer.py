"""Another conversation that a message may belong to: DELETE says that it does not, POST takes that back."""

from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext as _

from postroom.core.conversations.actions.decline import decline, restore
from postroom.core.conversations.models import Message
from postroom.faces.web.access import person
from postroom.faces.web.message_verbs import Moved, message_verb
from postroom.faces.web.verbs import Undo, asks


@message_verb
def offer(request: HttpRequest, message: Message) -> Moved:
    """Put the offer away, or show it again."""
    here = message.conversation
    if asks(request) == "DELETE":
        undo = Undo("POST", reverse("offer", args=[message.pk])) if decline(message, by=person(request)) else None
        return Moved(here, _("It stays where it is."), undo)
    restore(message, by=person(request))
    return Moved(here)
