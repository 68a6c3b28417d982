"""What a page hears after a verb that moves a message: where to go on, and a toast with the way back."""

import json
from collections.abc import Callable
from dataclasses import dataclass
from functools import wraps
from urllib.parse import parse_qs, urlsplit

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.http.response import HttpResponseBase
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from postroom.core.conversations.actions.moving import MoveRefused
from postroom.core.conversations.models import Conversation, Message
from postroom.faces.web.access import person, signed_in
from postroom.faces.web.fragments import small_number
from postroom.faces.web.rights import must_answer_here
from postroom.faces.web.verbs import Refused, Undo, refused, triggered
from postroom.faces.web.visible import message_or_404


class NoSuchConversation(Refused):
    def __init__(self, number: str) -> None:
        super().__init__(_("There is no conversation #%(number)s. Nothing was moved.") % {"number": number[:20]})


@dataclass(frozen=True)
class Moved:
    """The conversation to go on with, a sentence for the toast, and the way back."""

    conversation: Conversation
    sentence: str = ""
    undo: Undo | None = None


def message_verb(view: Callable[[HttpRequest, Message], Moved]) -> Callable[..., HttpResponseBase]:
    """Make a view of a function that does one thing to one visible message; refusals become a sentence."""

    @wraps(view)
    def answered(request: HttpRequest, message_id: int, /) -> HttpResponseBase:
        message = message_or_404(request, message_id)
        must_answer_here(request, message.conversation.mailbox_id)
        try:
            return moved(request, view(request, message))
        except MoveRefused as refusal:
            return refused(request, str(refusal))
        except NoSuchConversation as missing:
            return refused(request, str(missing), status=404)

    def called(request: HttpRequest, message_id: int) -> HttpResponseBase:
        allowed: Callable[..., HttpResponseBase] = signed_in(answered)
        return allowed(request, message_id)

    return require_http_methods(["POST", "DELETE"])(wraps(view)(called))


def moved(request: HttpRequest, done: Moved) -> HttpResponse:
    """Answer with the conversation to go on with, drawn anew."""
    place = _place(request)
    path = reverse("conversation", args=[done.conversation.pk]) + (f"?in={place}" if place else "")
    if "HX-Request" not in request.headers:
        return HttpResponseRedirect(path)
    answer = HttpResponse(status=204)
    answer["HX-Location"] = json.dumps({"path": path, "target": "#conversation", "swap": "outerHTML"})
    hint = {"kind": "moved.here", "conversation": done.conversation.pk, "mailbox": done.conversation.mailbox_id}
    return triggered(answer, hint=hint, sentence=done.sentence, undo=done.undo)


def wanted_conversation(request: HttpRequest) -> Conversation:
    """Return the conversation that the form names; NoSuchConversation for one that is not there for this person."""
    text = (request.POST.get("into") or request.GET.get("into", "")).strip().removeprefix("#")
    number = small_number(text)
    found = Conversation.objects.visible_to(person(request)).filter(pk=number).select_related("mailbox").first()
    if found is None:
        raise NoSuchConversation(text)
    return found


def _place(request: HttpRequest) -> str:
    """Return the key of the list that the conversation was opened from, as the browser's address has it."""
    query = parse_qs(urlsplit(request.headers.get("HX-Current-URL", "")).query)
    return next(iter(query.get("in", [])), "")
