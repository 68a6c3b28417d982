"""Where people are signed in: their own, and a colleague's for who keeps the people."""

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.views.decorators.http import require_POST, require_safe

from postroom.core.accounts.actions.sessions import end_session, end_sessions
from postroom.core.accounts.api_tokens import tokens_of
from postroom.core.accounts.models import User
from postroom.core.accounts.permissions import PEOPLE
from postroom.faces.web import shell
from postroom.faces.web.access import needs, person, signed_in
from postroom.faces.web.fragments import small_number
from postroom.faces.web.open_sessions import open_sessions
from postroom.lib import clock


@require_safe
@signed_in
def sessions(request: HttpRequest) -> HttpResponse:
    """List the browsers in which I am signed in."""
    context = {"tab": "profile", "colleague": None, "lines": open_sessions(request, person(request))}
    return shell.page(request, "settings_sessions.html", context)


@require_POST
@signed_in
def ending(request: HttpRequest) -> HttpResponse:
    """End the session that `session` names, or all of mine but this one when it names none."""
    me = person(request)
    _end(request, me, keep=request.session.session_key or "")
    return HttpResponseRedirect(f"{reverse('settings-sessions')}?saved=1")


@require_safe
@needs(PEOPLE)
def persons_sessions(request: HttpRequest, person_id: int) -> HttpResponse:
    """List the browsers in which a colleague is signed in, and the programs that come in as them."""
    found = get_object_or_404(User, pk=person_id)
    context = {
        "tab": "people",
        "colleague": found,
        "lines": open_sessions(request, found),
        "tokens": tokens_of(found),
        "now": clock.now(),
    }
    return shell.page(request, "settings_sessions.html", context)


@require_POST
@needs(PEOPLE)
def persons_ending(request: HttpRequest, person_id: int) -> HttpResponse:
    """End one or all of a colleague's sessions; of one's own, the one in use stays when all are ended."""
    found = get_object_or_404(User, pk=person_id)
    _end(request, found, keep=(request.session.session_key or "") if found == person(request) else "")
    return HttpResponseRedirect(f"{reverse('settings-person-sessions', args=[found.pk])}?saved=1")


def _end(request: HttpRequest, of: User, *, keep: str) -> None:
    named = request.POST.get("session", "")
    if not named:
        end_sessions(of, except_key=keep, by=person(request))
    elif session_id := small_number(named):
        end_session(of, session_id=session_id, by=person(request))
