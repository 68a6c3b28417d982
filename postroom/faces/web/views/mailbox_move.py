"""Which mailbox a conversation belongs to: GET asks, POST moves it."""

import json

from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.translation import gettext as _

from postroom.core.accounts.models import Mailbox, User
from postroom.core.accounts.queries import colleagues_on
from postroom.core.accounts.rights import rights_everywhere
from postroom.core.conversations.actions.move_to_mailbox import move_to_mailbox
from postroom.core.conversations.models import Conversation
from postroom.core.conversations.naming import named_in, sees
from postroom.faces.web.access import person, signed_in
from postroom.faces.web.dialogs import ask, asked, asked_then
from postroom.faces.web.fragments import small_number
from postroom.faces.web.verbs import Done, Undo, triggered, verb


@asked
def _question(request: HttpRequest, conversation: Conversation) -> HttpResponse:
    able = [number for number, rights in rights_everywhere(person(request)).items() if rights.answers]
    others = Mailbox.objects.filter(pk__in=able).exclude(pk=conversation.mailbox_id).order_by("name")
    now = _readers(conversation, conversation.mailbox)
    choices = [(mailbox, sorted(one.name for one in now - _readers(conversation, mailbox))) for mailbox in others]
    return ask(request, conversation, "_move_mailbox.html", {"choices": choices})


@verb
def _move(request: HttpRequest, conversation: Conversation) -> Done:
    """Move it to the mailbox `to`."""
    former, me = conversation.mailbox, person(request)
    able = [number for number, rights in rights_everywhere(me).items() if rights.level]
    chosen = small_number(request.POST.get("to") or request.GET.get("to"))
    mailbox = get_object_or_404(Mailbox, pk=chosen, pk__in=able)
    if not move_to_mailbox(conversation, mailbox=mailbox, by=me):
        return Done()
    back = Undo("POST", f"{reverse('conversation-mailbox', args=[conversation.pk])}?to={former.pk}")
    sentence = _("#%(number)s is in %(mailbox)s now.") % {"number": conversation.pk, "mailbox": mailbox.name}
    return Done(sentence, undo=back)


@signed_in
def _act(request: HttpRequest, conversation_id: int) -> HttpResponseBase:
    """Move it; whoever does not see it any more goes back to the inbox."""
    answer = _move(request, conversation_id)
    if not 200 <= answer.status_code < 400 or not isinstance(answer, HttpResponse):
        return answer
    if sees(person(request), Conversation(pk=conversation_id)):
        return answer
    gone = triggered(
        HttpResponse(status=204),
        hint={"kind": "here", "conversation": None, "mailbox": None},
        sentence=_("It is moved. You do not see it there."),
        undo=None,
    )
    gone["HX-Location"] = json.dumps({"path": reverse("home"), "target": "#panes", "swap": "outerHTML"})
    return gone


def _readers(conversation: Conversation, mailbox: Mailbox) -> set[User]:
    people = set(colleagues_on(mailbox.pk))
    return people & set(named_in(conversation)) if conversation.sensitive else people


mailbox_move = asked_then(_question, _act)
