"""The directory that keeps our people (SCIM): the address to type there, and the tokens it is let in by."""

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST

from postroom.core.accounts.actions.directory_tokens import TokenRefused, end_token, make_token
from postroom.core.accounts.models import DirectoryToken
from postroom.core.accounts.permissions import SECURITY
from postroom.faces.web import shell
from postroom.faces.web.access import needs, person
from postroom.faces.web.signing_in.sudo import sudo_needed


@require_http_methods(["GET", "HEAD", "POST"])
@needs(SECURITY)
@sudo_needed
def directory(request: HttpRequest) -> HttpResponse:
    """List the tokens, or make one: it is on the page that answers, and never again."""
    typed, mistake, made = "", "", ""
    if request.method == "POST":
        typed = request.POST.get("name", "")[:200]
        try:
            made = make_token(name=typed, by=person(request))
        except TokenRefused as refused:
            mistake = str(refused)
    context = {
        "tab": "security",
        "address": f"{settings.POSTROOM_BASE_URL or request.build_absolute_uri('/').rstrip('/')}/scim/v2",
        "tokens": DirectoryToken.objects.select_related("made_by").order_by("created_at", "pk"),
        "made": made,
        "typed": "" if made else typed,
        "mistake": mistake,
    }
    response = shell.page(request, "settings_directory.html", context, status=422 if mistake else 200)
    response.headers["Cache-Control"] = "no-store"
    return response


@require_POST
@needs(SECURITY)
@sudo_needed
def end(request: HttpRequest, token_id: int) -> HttpResponse:
    """Let a directory in no longer; a second click changes nothing."""
    token = DirectoryToken.objects.filter(pk=token_id).first()
    if token is not None:
        end_token(token, by=person(request))
    return HttpResponseRedirect(f"{reverse('settings-directory')}?saved=1")
