"""Several messages as a conversation of their own: GET asks which, POST splits them off, DELETE puts them back."""

from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods

from postroom.core.conversations.actions.moving import MoveRefused
from postroom.core.conversations.actions.split import split, unsplit
from postroom.core.conversations.models import Conversation
from postroom.core.conversations.timeline import messages_of
from postroom.faces.web.access import person, signed_in
from postroom.faces.web.dialogs import ask, asked, asked_then
from postroom.faces.web.fragments import small_number
from postroom.faces.web.message_verbs import Moved, moved
from postroom.faces.web.rights import must_answer_here
from postroom.faces.web.verbs import Undo, asks, refused
from postroom.faces.web.visible import conversation_or_404

_MOST = 200


@asked
def _question(request: HttpRequest, conversation: Conversation) -> HttpResponse:
    found = messages_of(conversation).filter(side_thread=None, retracted_at=None).order_by("-pk")[:_MOST]
    context = {"messages": list(reversed(found)), "chosen": small_number(request.GET.get("with"))}
    return ask(request, conversation, "_split.html", context)


@require_http_methods(["POST", "DELETE"])
@signed_in
def _split(request: HttpRequest, conversation_id: int) -> HttpResponseBase:
    conversation = conversation_or_404(request, conversation_id)
    must_answer_here(request, conversation.mailbox_id)
    try:
        if asks(request) == "DELETE":
            back = unsplit(conversation, by=person(request))
            return moved(request, Moved(back, _("They are back in #%(number)s.") % {"number": back.pk}))
        numbers = {small_number(one) for one in request.POST.getlist("messages")}
        made = split(conversation, messages=numbers, by=person(request))
    except MoveRefused as refusal:
        return refused(request, str(refusal))
    words = ngettext(
        "Taken out. It is conversation #%(number)s now.",
        "Taken out. They are conversation #%(number)s now.",
        len(numbers),
    )
    undo = Undo("DELETE", reverse("conversation-split", args=[made.pk]))
    return moved(request, Moved(conversation, words % {"number": made.pk}, undo))


splitting = asked_then(_question, _split)
