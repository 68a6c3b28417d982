"""What a page hears after a verb: a hint that the conversation changed, and a toast, with Undo where it can be."""

import json
from collections.abc import Callable
from dataclasses import dataclass
from functools import wraps
from typing import Concatenate, ParamSpec

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from postroom.core.accounts.actions.teams import TeamRefused
from postroom.core.conversations.actions.assign import CannotSee
from postroom.core.conversations.actions.change_contact import ContactRefused
from postroom.core.conversations.actions.moving import MoveRefused
from postroom.core.conversations.actions.prioritize import NoSuchPriority
from postroom.core.conversations.actions.tag import NoSuchTag
from postroom.core.conversations.lists import next_after
from postroom.core.conversations.models import Conversation
from postroom.core.conversations.moments import MomentRefused
from postroom.faces.web.access import person, signed_in
from postroom.faces.web.fragments import wanted
from postroom.faces.web.heads import head
from postroom.faces.web.places import Place, place
from postroom.faces.web.rights import must_answer_here
from postroom.faces.web.visible import conversation_or_404

Rest = ParamSpec("Rest")


class Refused(Exception):
    """A form of ours said something impossible."""


REFUSALS = (Refused, MomentRefused, MoveRefused, ContactRefused, CannotSee, TeamRefused, NoSuchPriority, NoSuchTag)


@dataclass(frozen=True)
class Undo:
    """The request that takes a verb back."""

    method: str
    url: str


@dataclass(frozen=True)
class Done:
    """What a verb came to: a sentence for the toast ("" for none), the way back, and whether the work here is over.

    `kind` tells the page what to fetch again (live.js); "" for nothing.
    """

    sentence: str = ""
    undo: Undo | None = None
    leave: bool = False
    kind: str = "here"


def asks(request: HttpRequest) -> str:
    """Return the method that is meant: a plain form says DELETE by a field."""
    return "DELETE" if request.method == "DELETE" or request.POST.get("_method") == "delete" else "POST"


def verb(
    view: Callable[Concatenate[HttpRequest, Conversation, Rest], Done],
) -> Callable[..., HttpResponseBase]:
    """Make a view of a function that does one thing to one visible conversation; refusals become a sentence."""

    @wraps(view)
    def allowed(request: HttpRequest, conversation: Conversation, /, *args: Rest.args, **kwargs: Rest.kwargs) -> Done:
        must_answer_here(request, conversation.mailbox_id)
        return view(request, conversation, *args, **kwargs)

    return private_verb(allowed)


def private_verb(
    view: Callable[Concatenate[HttpRequest, Conversation, Rest], Done],
) -> Callable[..., HttpResponseBase]:
    """As `verb`, for what changes nothing but the reader's own view: whoever sees the conversation may do it."""

    @wraps(view)
    def answered(
        request: HttpRequest, conversation_id: int, /, *args: Rest.args, **kwargs: Rest.kwargs
    ) -> HttpResponseBase:
        conversation = conversation_or_404(request, conversation_id)
        try:
            done = view(request, conversation, *args, **kwargs)
        except REFUSALS as refusal:
            return refused(request, str(refusal))
        return changed(request, conversation, done)

    def called(request: HttpRequest, conversation_id: int, **rest: object) -> HttpResponseBase:
        allowed: Callable[..., HttpResponseBase] = signed_in(answered)
        return allowed(request, conversation_id, **rest)

    return require_http_methods(["POST", "DELETE"])(wraps(view)(called))


def changed(request: HttpRequest, conversation: Conversation, done: Done) -> HttpResponse:
    """Answer after a verb: the new head, or the next conversation; without htmx the page itself."""
    here = _opened_from(request)
    ahead = next_in_list(request, conversation) if done.leave and request.POST.get("leave") == "1" else ""
    if "HX-Request" not in request.headers:
        return HttpResponseRedirect(ahead or reverse("conversation", args=[conversation.pk]))
    if ahead:
        answer = HttpResponse(status=204)
        answer["HX-Location"] = json.dumps({"path": ahead, "target": "#conversation", "swap": "outerHTML"})
    elif here and wanted(request) == "conversation-head":
        answer = render(request, "_conversation_head.html", {**head(request, conversation), "place": here})
    else:
        answer = HttpResponse(status=204)
    hint = (
        {"kind": done.kind, "conversation": conversation.pk, "mailbox": conversation.mailbox_id} if done.kind else None
    )
    return triggered(answer, hint=hint, sentence=done.sentence, undo=done.undo)


def refused(request: HttpRequest, sentence: str, *, status: int = 409) -> HttpResponse:
    """Answer with a sentence: as a toast where the page stands, else as a page."""
    if "HX-Request" not in request.headers:
        return render(request, "refused.html", {"sentence": sentence}, status=status)
    answer = HttpResponse(sentence, status=status, content_type="text/plain; charset=utf-8")
    return _with_triggers(answer, _toast(sentence, kind="danger"))


def _opened_from(request: HttpRequest) -> Place | None:
    """Return the list that the page shows beside the conversation; None for none."""
    return place(person(request), key=request.POST.get("in", "") or request.GET.get("in", ""))


def next_in_list(request: HttpRequest, conversation: Conversation) -> str:
    """Return the address of what comes after this conversation in the list it was opened from, or of the list."""
    here = _opened_from(request)
    if here is None:
        return ""
    following = next_after(person(request), here.folder, conversation)
    return here.url if following is None else f"{reverse('conversation', args=[following])}?in={here.key}"


def triggered(
    answer: HttpResponse, *, hint: dict[str, object] | None, sentence: str, undo: Undo | None
) -> HttpResponse:
    """Let the answer say what changed, and a toast with it."""
    return _with_triggers(answer, {**({"postroom:hint": hint} if hint else {}), **_toast(sentence, undo=undo)})


def _toast(sentence: str, *, undo: Undo | None = None, kind: str = "") -> dict[str, object]:
    if not sentence:
        return {}
    back = {"method": undo.method, "url": undo.url} if undo else None
    return {"postroom:toast": {"text": sentence, "undo": back, "kind": kind}}


def _with_triggers(answer: HttpResponse, triggers: dict[str, object]) -> HttpResponse:
    # JSON escapes what is not ASCII, as a header must be.
    answer["HX-Trigger"] = json.dumps(triggers)
    return answer
