"""Show again who you are, before what could hurt (sudo.py)."""

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST

from postroom.core.accounts.actions.show_code import WrongCode, show_code
from postroom.core.accounts.guessing import TooManyTries
from postroom.core.accounts.second_factors import second_factors_of
from postroom.core.accounts.sign_in import WrongPassword
from postroom.core.audit.write import write
from postroom.faces.web.access import person, signed_in
from postroom.faces.web.known_browser import token_of
from postroom.faces.web.origin import client_ip
from postroom.faces.web.sign_on import by_password
from postroom.faces.web.signing_in import passkeys, proof
from postroom.faces.web.signing_in.entering import wanted


@sensitive_post_parameters()
@require_http_methods(["GET", "HEAD", "POST"])
@signed_in
def again(request: HttpRequest) -> HttpResponse:
    """Ask for the password, a code or a passkey, whichever is at hand, and go back."""
    if request.method != "POST":
        return _ask(request)
    try:
        how = _shown(request)
    except TooManyTries as refusal:
        response = _ask(request, mistake=str(refusal), status=429)
        response["Retry-After"] = str(refusal.seconds)
        return response
    except (WrongPassword, WrongCode, passkeys.PasskeyRefused) as refusal:
        return _ask(request, mistake=str(refusal), status=401)
    me = person(request)
    proof.proven(request)
    write("sign_in.proven", by=me, subject=f"person:{me.pk}", subject_name=me.name, after={"how": how})
    return HttpResponseRedirect(wanted(request))


@require_POST
@signed_in
def passkey_options(request: HttpRequest) -> HttpResponse:
    """Tell the browser which of my passkeys would do."""
    return passkeys.options_to_show(person(request))


def _shown(request: HttpRequest) -> str:
    """Check what the form brings and return what it was."""
    me, ip, device = person(request), client_ip(request), token_of(request)
    if "credential" in request.POST:
        passkeys.shown(request, me)
        return "passkey"
    if "code" in request.POST:
        return show_code(me, code=request.POST["code"], ip=ip, device=device)
    found, how = by_password.recognise(email=me.email, password=request.POST.get("password", ""), ip=ip, device=device)
    if found != me:
        raise WrongPassword(_("This is the sign-in of somebody else."))
    return how


def _ask(request: HttpRequest, *, mistake: str = "", status: int = 200) -> HttpResponse:
    me = person(request)
    context = {
        "person": me,
        "factors": second_factors_of(me),
        "has_password": me.has_usable_password() or by_password.asks_directory(),
        "mistake": mistake,
        "next": wanted(request),
        "undone": bool(request.GET.get("undone")),
    }
    return render(request, "sign_in_again.html", context, status=status)
