"""The second door: a demo team to look around with."""

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from postroom.core.accounts import setup
from postroom.core.accounts.models import OWNER, User
from postroom.faces.web import demo_making
from postroom.faces.web.signing_in.entering import enter
from postroom.faces.web.views.setup import closed

# Who asked for the demo is signed in when it is there. A cookie, not the session: the making holds SQLite's one pen.
_ASKED = "postroom_demo"


@require_http_methods(["GET", "HEAD", "POST"])
def demo(request: HttpRequest, token: str) -> HttpResponse:
    """POST begins to make the demo; GET shows that it is being made, then opens the inbox as the owner."""
    if request.method == "POST":
        return _begin(request, token)
    if request.get_signed_cookie(_ASKED, "") == token and setup.is_demo() and User.objects.exists():
        return _open(request)
    if refusal := closed(request, token):
        return refusal
    mistake = demo_making.mistake(token)
    if not mistake and not demo_making.is_under_way(token):
        mistake = _("The demo is not being made. Begin again.")
    return render(request, "setup_demo.html", {"token": token, "mistake": mistake})


def _begin(request: HttpRequest, token: str) -> HttpResponse:
    if refusal := closed(request, token):
        return refusal
    demo_making.begin(token)
    response = HttpResponseRedirect(reverse("setup-demo", args=[token]))
    response.set_signed_cookie(
        _ASKED, token, max_age=600, path="/setup/", secure=request.is_secure(), httponly=True, samesite="Lax"
    )
    return response


def _open(request: HttpRequest) -> HttpResponse:
    owner = User.objects.filter(role=OWNER, is_active=True).order_by("pk").first()
    if owner is None:
        return HttpResponseRedirect("/sign-in")
    return enter(request, owner, how="demo")
