"""The tokens by which programs come in as somebody: one's own, and a colleague's for who keeps the people."""

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST

from postroom.core.accounts.actions.api_tokens import LENGTHS, USUAL, TokenRefused, end_token, make_token
from postroom.core.accounts.api_tokens import tokens_of
from postroom.core.accounts.models import User
from postroom.core.accounts.permissions import PEOPLE
from postroom.core.accounts.policy import policy
from postroom.faces.web import shell
from postroom.faces.web.access import needs, person, signed_in
from postroom.faces.web.fragments import small_number
from postroom.faces.web.signing_in.entering import SHOWN_ELSEWHERE
from postroom.faces.web.signing_in.sudo import sudo_to_change
from postroom.lib import clock

ANSWERING = "answer"


@require_http_methods(["GET", "HEAD", "POST"])
@signed_in
@sudo_to_change
def tokens(request: HttpRequest) -> HttpResponse:
    """List my tokens, or make one: it is on the page that answers, and never again."""
    made, refused = "", TokenRefused("")
    if request.method == "POST":
        try:
            made = _made(request)
        except TokenRefused as refusal:
            refused = refusal
    mistake = str(refused)
    typed = {} if made else request.POST
    context = {
        "tab": "tokens",
        "tokens": tokens_of(person(request)),
        "now": clock.now(),
        "made": made,
        "allowed": policy().api_tokens,
        "address": f"{settings.POSTROOM_BASE_URL or request.build_absolute_uri('/').rstrip('/')}/api/v1",
        "lengths": [(days, ngettext("%(n)s day", "%(n)s days", days) % {"n": days}) for days in LENGTHS],
        "name": typed.get("name", "")[:200],
        "days": small_number(typed.get("days", "")) or USUAL,
        "answers": typed.get("scope") == ANSWERING,
        "mistake": mistake,
        "field": refused.field,
    }
    response = shell.page(request, "settings_tokens.html", context, status=422 if mistake else 200)
    response.headers["Cache-Control"] = "no-store"
    return response


@require_POST
@signed_in
def ending(request: HttpRequest, token_id: int) -> HttpResponse:
    """End one of my tokens; a second click changes nothing."""
    end_token(person(request), token_id=token_id, by=person(request))
    return HttpResponseRedirect(f"{reverse('settings-tokens')}?saved=1")


@require_POST
@needs(PEOPLE)
def persons_ending(request: HttpRequest, person_id: int, token_id: int) -> HttpResponse:
    """End one of a colleague's tokens."""
    found = get_object_or_404(User, pk=person_id)
    end_token(found, token_id=token_id, by=person(request))
    return HttpResponseRedirect(f"{reverse('settings-person-sessions', args=[found.pk])}?saved=1")


def _made(request: HttpRequest) -> str:
    scope = request.POST.get("scope", "")
    if scope not in ("read", ANSWERING):
        raise TokenRefused(_("Choose one of the two."), field="scope")
    return make_token(
        name=request.POST.get("name", "")[:200],
        answers=scope == ANSWERING,
        days=small_number(request.POST.get("days", "")),
        by=person(request),
        signed_on=bool(request.session.get(SHOWN_ELSEWHERE)),
    )
