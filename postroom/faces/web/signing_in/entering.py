"""The one way in: whoever has shown who they are, by whatever first factor, comes through `enter`."""

from django.contrib.auth import login
from django.db import transaction
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _

from postroom.core.accounts.models import User
from postroom.core.audit.write import write
from postroom.faces.web.signing_in import proof

_BACKEND = "django.contrib.auth.backends.ModelBackend"


def enter(request: HttpRequest, person: User, *, how: str, back: str = "") -> HttpResponse:
    """Sign this person in who has just shown who they are; the answer leads on.

    `how` is what they showed it by: "password", "passkey", "oidc:acme", "setup" … `back` is the address they wanted;
    without it, the `next` of the request. A deactivated person is refused.
    """
    if not person.is_active:
        write("sign_in.refused", by=None, subject=f"person:{person.pk}", subject_name=person.name, after={"how": how})
        sentence = _("This sign-in is switched off. Ask the owner of this Postroom.")
        return render(request, "refused.html", {"sentence": sentence}, status=403)
    back = safe(request, back) if back else wanted(request)
    open_session(request, person, how=how)
    return HttpResponseRedirect(back)


def open_session(request: HttpRequest, person: User, *, how: str) -> None:
    """Open a session: its key and the form token change, and the record says who came how."""
    with transaction.atomic():
        login(request, person, backend=_BACKEND)
        proof.proven(request)
        write("sign_in.done", by=person, subject=f"person:{person.pk}", subject_name=person.name, after={"how": how})


def wanted(request: HttpRequest) -> str:
    """Return where the person wanted to go before they were asked who they are; "/" for anywhere else than here."""
    return safe(request, request.POST.get("next") or request.GET.get("next") or "/")


def safe(request: HttpRequest, address: str) -> str:
    """Return the address when it is one of ours, else "/"."""
    good = url_has_allowed_host_and_scheme(
        address, allowed_hosts={request.get_host()}, require_https=request.is_secure()
    )
    return address if good and "\n" not in address and "\r" not in address else "/"
