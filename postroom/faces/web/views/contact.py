"""Whom a conversation is with: GET asks, POST changes it."""

from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _

from postroom.core.conversations.actions.addressing import our_addresses
from postroom.core.conversations.actions.change_contact import change_contact
from postroom.core.conversations.models import Conversation
from postroom.faces.web.access import person
from postroom.faces.web.dialogs import ask, asked, asked_then
from postroom.faces.web.verbs import Done, Undo, verb

_MOST = 8


@asked
def _question(request: HttpRequest, conversation: Conversation) -> HttpResponse:
    own = our_addresses() | {conversation.contact.email}
    emails = conversation.participants.exclude(email__in=own).order_by("pk").values_list("email", flat=True)
    return ask(request, conversation, "_change_contact.html", {"people": list(emails[:_MOST])})


@verb
def _change(request: HttpRequest, conversation: Conversation) -> Done:
    """Let it be with `email` from now on."""
    former = conversation.contact
    email = request.POST.get("email") or request.GET.get("email", "")
    name = request.POST.get("name", "")
    if not change_contact(conversation, email=email, name=name, by=person(request)):
        return Done(_("It is with them already."))
    back = f"{reverse('conversation-contact', args=[conversation.pk])}?{urlencode({'email': former.email})}"
    who = conversation.contact.name or conversation.contact.email
    return Done(_("This conversation is with %(who)s now.") % {"who": who}, undo=Undo("POST", back))


contact = asked_then(_question, _change)
