"""Other conversations that this one has to do with, or is one with: GET offers them, POST links, DELETE unlinks."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import gettext as _

from postroom.core.conversations.actions.link import link, unlink
from postroom.core.conversations.models import Conversation
from postroom.faces.web.access import person
from postroom.faces.web.dialogs import ask, asked, asked_then
from postroom.faces.web.fragments import wanted
from postroom.faces.web.message_verbs import wanted_conversation
from postroom.faces.web.picking import choices
from postroom.faces.web.verbs import Done, Undo, verb

# The element that holds what is offered.
_LIST = "pick-list"


@asked
def merging(request: HttpRequest, conversation: Conversation) -> HttpResponse:
    """Offer conversations of the same mailbox to join this one to."""
    return _offer(request, conversation, "_merge_with.html", same_mailbox=True, act="merger")


@asked
def _question(request: HttpRequest, conversation: Conversation) -> HttpResponse:
    return _offer(request, conversation, "_link_with.html", same_mailbox=False, act="conversation-links")


@verb
def _link(request: HttpRequest, conversation: Conversation) -> Done:
    """Link it with the conversation of the number `into`."""
    other = wanted_conversation(request)
    if not link(conversation, to=other, by=person(request)):
        return Done(_("They are linked already."))
    back = Undo("DELETE", reverse("conversation-link", args=[conversation.pk, other.pk]))
    return Done(_("Linked with #%(number)s.") % {"number": other.pk}, undo=back)


@verb
def one_link(request: HttpRequest, conversation: Conversation, number: int) -> Done:
    """Take one link away."""
    other = get_object_or_404(Conversation.objects.visible_to(person(request)), pk=number)
    if not unlink(conversation, to=other, by=person(request)):
        return Done()
    back = Undo("POST", f"{reverse('conversation-links', args=[conversation.pk])}?into={other.pk}")
    return Done(_("#%(number)s is not linked any more.") % {"number": other.pk}, undo=back)


links = asked_then(_question, _link)


def _offer(
    request: HttpRequest, conversation: Conversation, template: str, *, same_mailbox: bool, act: str
) -> HttpResponse:
    typed = request.GET.get("q", "")[:200]
    rows = choices(request, conversation, typed=typed, same_mailbox=same_mailbox)
    context = {"rows": rows, "typed": typed, "address": reverse(act, args=[conversation.pk])}
    if wanted(request) == _LIST:
        return render(request, "_pick_list.html", {"conversation": conversation, **context})
    return ask(request, conversation, template, context)
