"""Signing in and out."""

from django.contrib.auth import logout
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST

from postroom.core.accounts import setup
from postroom.core.accounts.models import User
from postroom.core.accounts.policy import policy
from postroom.core.accounts.sign_in import TooManyTries, WrongPassword
from postroom.core.audit.write import write
from postroom.faces.web.access import demo_only
from postroom.faces.web.known_browser import token_of
from postroom.faces.web.origin import client_ip
from postroom.faces.web.sign_on import by_password
from postroom.faces.web.signing_in.entering import enter, wanted


@sensitive_post_parameters("password")
@require_http_methods(["GET", "HEAD", "POST"])
def sign_in(request: HttpRequest) -> HttpResponse:
    """Show the form, or open a session and go where the person wanted to go."""
    back = wanted(request)
    if request.user.is_authenticated:
        return HttpResponseRedirect(back)
    email = request.POST.get("email", "")[:254]
    mistake, wait = "", 0
    if request.method == "POST":
        try:
            person, how = by_password.recognise(
                email=email, password=request.POST.get("password", ""), ip=client_ip(request), device=token_of(request)
            )
        except TooManyTries as refusal:
            mistake, wait = str(refusal), refusal.seconds
        except WrongPassword as refusal:
            mistake = str(refusal)
        else:
            return enter(request, person, how=how)
    context = {
        "email": email,
        "next": back,
        "mistake": mistake,
        "needs_setup": setup.needs_setup(),
        "demo_people": _demo_people(),
        "asks_directory": by_password.asks_directory(),
        "passwords_on": policy().password_sign_in,
    }
    response = render(request, "sign_in.html", context, status=429 if wait else 401 if mistake else 200)
    if wait:
        response["Retry-After"] = str(wait)
    return response


@require_POST
def sign_out(request: HttpRequest) -> HttpResponse:
    """Close the session; a second time does nothing."""
    if isinstance(request.user, User):
        write("sign_out.done", by=request.user, subject=f"person:{request.user.pk}", subject_name=request.user.name)
    logout(request)
    response = HttpResponseRedirect("/sign-in")
    # Not "storage": the drafts of others who use this browser are in it. leaving.js takes this person's along.
    response["Clear-Site-Data"] = '"cache"'
    return response


@require_POST
@demo_only
def sign_in_as(request: HttpRequest, person_id: int) -> HttpResponse:
    """Become one of the demo's people with one click."""
    person = User.objects.filter(pk=person_id, is_active=True).first()
    if person is None:
        raise Http404
    return enter(request, person, how="demo")


def _demo_people() -> list[User]:
    if not setup.is_demo():
        return []
    return list(User.objects.filter(is_active=True).prefetch_related("mailboxes").order_by("pk")[:12])
