"""What a verb asks before it is done: in a dialog over the page, or on a page of its own without scripts."""

from collections.abc import Callable, Mapping
from functools import wraps

from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.views.decorators.http import require_http_methods

from postroom.core.conversations.models import Conversation
from postroom.faces.web import shell
from postroom.faces.web.access import signed_in
from postroom.faces.web.rights import must_answer_here
from postroom.faces.web.visible import conversation_or_404

Asks = Callable[[HttpRequest, Conversation], HttpResponse]


def asked(view: Asks) -> Callable[..., HttpResponseBase]:
    """Make a view that shows a question about a conversation to whoever may answer there."""

    @wraps(view)
    def answered(request: HttpRequest, conversation_id: int) -> HttpResponse:
        conversation = conversation_or_404(request, conversation_id)
        must_answer_here(request, conversation.mailbox_id)
        return view(request, conversation)

    return signed_in(answered)


def asked_then(
    question: Callable[..., HttpResponseBase], act: Callable[..., HttpResponseBase]
) -> Callable[..., HttpResponseBase]:
    """Make one view of two: GET asks, POST and DELETE do."""

    @require_http_methods(["GET", "HEAD", "POST", "DELETE"])
    def either(request: HttpRequest, conversation_id: int) -> HttpResponseBase:
        return (question if request.method in ("GET", "HEAD") else act)(request, conversation_id)

    return either


def ask(request: HttpRequest, conversation: Conversation, template: str, context: Mapping[str, object]) -> HttpResponse:
    """Show the question's fragment: in the page's dialog, or as a page."""
    whole = {"conversation": conversation, "fragment": template, **context}
    if "HX-Request" in request.headers:
        return render(request, template, whole)
    return shell.page(request, "moving.html", whole)
