"""Why a message is where it is, in its menu; asked for when the menu is opened."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from postroom.faces.web import evidence as words
from postroom.faces.web.access import signed_in
from postroom.faces.web.visible import message_or_404


@require_safe
@signed_in
def evidence(request: HttpRequest, message_id: int) -> HttpResponse:
    """Say it in a sentence."""
    message = message_or_404(request, message_id)
    return render(request, "_evidence.html", {"message": message, "why": words.why(message)})
