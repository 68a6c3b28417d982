"""The second step of signing in: a code or a passkey, for a session that waits for it."""

from collections.abc import Callable
from functools import wraps

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST

from postroom.core.accounts.actions.show_code import WrongCode, show_code
from postroom.core.accounts.guessing import TooManyTries
from postroom.core.accounts.second_factors import second_factors_of
from postroom.faces.web.known_browser import token_of
from postroom.faces.web.origin import client_ip
from postroom.faces.web.signing_in import passkeys
from postroom.faces.web.signing_in.entering import open_session
from postroom.faces.web.signing_in.waiting import Waiting, count_mistake, waiting

Step = Callable[[HttpRequest, Waiting], HttpResponse]


def for_one_who_waits(view: Step) -> Callable[[HttpRequest], HttpResponse]:
    """Let only sessions in that wait for a second factor; the others begin at the first."""

    @wraps(view)
    def checked(request: HttpRequest) -> HttpResponse:
        found = None if request.user.is_authenticated else waiting(request)
        return view(request, found) if found else HttpResponseRedirect(reverse("sign-in"))

    return checked


@sensitive_post_parameters("code")
@require_http_methods(["GET", "HEAD", "POST"])
@for_one_who_waits
def second_step(request: HttpRequest, who: Waiting) -> HttpResponse:
    """Ask for the second factor, or take a code and open the session."""
    if request.method != "POST":
        return _ask(request, who)
    try:
        kind = show_code(who.person, code=request.POST.get("code", ""), ip=client_ip(request), device=token_of(request))
    except TooManyTries as refusal:
        response = _ask(request, who, mistake=str(refusal), status=429)
        response["Retry-After"] = str(refusal.seconds)
        return response
    except WrongCode as refusal:
        if not count_mistake(request):
            return HttpResponseRedirect(reverse("sign-in"))
        return _ask(request, who, mistake=str(refusal), status=401)
    if kind == "recovery code":
        # Whoever has used one may have lost the rest: the page says how many are left.
        back = f"{reverse('settings-second-factor')}?recovered=1"
        return open_session(request, who.person, how=f"{who.how} + {kind}", back=back)
    return open_session(request, who.person, how=f"{who.how} + {kind}", back=who.back)


@require_POST
@for_one_who_waits
def passkey_options(request: HttpRequest, who: Waiting) -> HttpResponse:
    """Tell the browser which passkeys would do."""
    del request
    return passkeys.options_to_show(who.person)


@require_POST
@for_one_who_waits
def passkey(request: HttpRequest, who: Waiting) -> HttpResponse:
    """Take a passkey and open the session."""
    try:
        passkeys.shown(request, who.person)
    except passkeys.PasskeyRefused as refusal:
        return _ask(request, who, mistake=str(refusal), status=401)
    return open_session(request, who.person, how=f"{who.how} + passkey", back=who.back)


def _ask(request: HttpRequest, who: Waiting, *, mistake: str = "", status: int = 200) -> HttpResponse:
    context = {"person": who.person, "factors": second_factors_of(who.person), "mistake": mistake}
    return render(request, "second_factor_asked.html", context, status=status)
