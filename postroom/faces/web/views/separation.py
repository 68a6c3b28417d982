"""A message on its own: POST makes a conversation of it, DELETE puts it back."""

from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext as _

from postroom.core.conversations.actions.join import move_back
from postroom.core.conversations.actions.take_out import take_out
from postroom.core.conversations.models import Message
from postroom.faces.web.access import person
from postroom.faces.web.message_verbs import Moved, message_verb
from postroom.faces.web.verbs import Undo, asks


@message_verb
def separation(request: HttpRequest, message: Message) -> Moved:
    """Take the message out of its conversation; the page stays with the others."""
    if asks(request) == "DELETE":
        back = move_back(message, by=person(request))
        return Moved(back, _("It is back in #%(number)s.") % {"number": back.pk})
    source = message.conversation
    made = take_out(message, by=person(request))
    undo = Undo("DELETE", reverse("separation", args=[message.pk]))
    return Moved(source, _("Taken out. It is conversation #%(number)s now.") % {"number": made.pk}, undo)
