"""The one way in: whoever has shown who they are, by whatever first factor, comes through `enter`."""

from django.contrib.auth import login
from django.db import transaction
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _

from postroom.core.accounts.actions.passwordless import tell_of_broken_glass
from postroom.core.accounts.models import User
from postroom.core.accounts.passwordless import breaks_glass
from postroom.core.accounts.second_factors import has_second_factor
from postroom.core.audit.write import write
from postroom.faces.web import known_browser
from postroom.faces.web.signing_in import proof, waiting

# By these alone nobody is asked for more: a passkey has asked for a finger or a PIN itself, and in a demo everybody may
# become everybody.
PASSKEY = "passkey"
PASSWORD = "password"
DEMO = "demo"
_ENOUGH = (PASSKEY, DEMO)
# In a session whose person has shown a second factor to a provider that is trusted with it.
SHOWN_ELSEWHERE = "second_factor_elsewhere"
_BACKEND = "postroom.core.accounts.session_person.SessionPerson"


def enter(
    request: HttpRequest, person: User, *, how: str, back: str = "", second_factor_shown: bool = False
) -> HttpResponse:
    """Sign this person in who has just shown who they are, or ask for their second factor; the answer leads on.

    `how` is what they showed it by: "password", "passkey", "oidc:acme", "setup" … `back` is the address they wanted;
    without it, the `next` of the request. `second_factor_shown`: to somebody whose word is enough. A deactivated person
    is refused.
    """
    if not person.is_active:
        return _refuse(request, person, how=how)
    back = safe(request, back) if back else wanted(request)
    if how not in _ENOUGH and not second_factor_shown and has_second_factor(person):
        waiting.wait(request, person, how=how, back=back)
        return HttpResponseRedirect(reverse("sign-in-second-factor"))
    answer = open_session(request, person, how=how, back=back)
    if second_factor_shown:
        request.session[SHOWN_ELSEWHERE] = True
    return answer


def open_session(request: HttpRequest, person: User, *, how: str, back: str) -> HttpResponse:
    """Open a session and go there: its key and the form token change, and the record says who came how."""
    with transaction.atomic():
        login(request, person, backend=_BACKEND)
        # A session that was theirs before keeps what was in it.
        request.session.pop(SHOWN_ELSEWHERE, None)
        waiting.stop_waiting(request)
        proof.proven(request)
        if how != DEMO:
            known_browser.welcome(request, person)
        # "password", or "password + code".
        if how.partition(" + ")[0] == PASSWORD and breaks_glass(person):
            tell_of_broken_glass(person)
        write("sign_in.done", by=person, subject=f"person:{person.pk}", subject_name=person.name, after={"how": how})
    return HttpResponseRedirect(back)


def wanted(request: HttpRequest) -> str:
    """Return where the person wanted to go before they were asked who they are; "/" for anywhere else than here."""
    return safe(request, request.POST.get("next") or request.GET.get("next") or "/")


def safe(request: HttpRequest, address: str) -> str:
    """Return the address when it is one of ours, else "/"."""
    good = url_has_allowed_host_and_scheme(
        address, allowed_hosts={request.get_host()}, require_https=request.is_secure()
    )
    return address if good and "\n" not in address and "\r" not in address else "/"


def _refuse(request: HttpRequest, person: User, *, how: str) -> HttpResponse:
    write("sign_in.refused", by=None, subject=f"person:{person.pk}", subject_name=person.name, after={"how": how})
    sentence = _("This sign-in is switched off. Ask the owner of this Postroom.")
    return render(request, "refused.html", {"sentence": sentence}, status=403)
