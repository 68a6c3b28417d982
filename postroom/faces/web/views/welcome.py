"""The first time somebody comes: by the link of their invitation."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods

from postroom.core.accounts.actions.accept import InvitationOver, accept, invitation_of, is_open
from postroom.core.accounts.actions.people import PersonRefused
from postroom.core.accounts.models import Invitation
from postroom.core.accounts.policy import policy
from postroom.core.accounts.sign_in import TooManyTries, WrongPassword, recognise
from postroom.faces.web.forms.inviting import WelcomeForm
from postroom.faces.web.origin import client_ip
from postroom.faces.web.signing_in.entering import enter


@sensitive_post_parameters()
@require_http_methods(["GET", "HEAD", "POST"])
def welcome(request: HttpRequest, token: str) -> HttpResponse:
    """Show the invitation, or use it. Only the form's POST does: programs that look into mail open every link."""
    found = invitation_of(token)
    if found is None:
        return _over(request, used=False)
    form = WelcomeForm(request.POST if request.method == "POST" else None, initial={"name": found.user.name})
    if not is_open(found):
        return _twice(request, found, form) if request.method == "POST" else _over(request, used=_is_used(found))
    if not policy().password_sign_in:
        return _private(render(request, "welcome_sign_on.html", {"invitation": found}))
    if request.method != "POST" or not form.is_valid():
        return _ask(request, found, form)
    try:
        accept(found, name=form.cleaned_data["name"], password=form.cleaned_data["password"])
    except PersonRefused as refused:
        form.add_error(refused.field if refused.field in form.fields else None, str(refused))
        return _ask(request, found, form)
    except InvitationOver:
        return _twice(request, found, form)
    return enter(request, found.user, how="invitation", back="/")


def _twice(request: HttpRequest, invitation: Invitation, form: WelcomeForm) -> HttpResponse:
    """A second click on "Come in" came in the first one's place: whoever typed the same password is let in by it."""
    if _is_used(invitation) and form.is_valid():
        try:
            password = form.cleaned_data["password"]
            person = recognise(email=invitation.user.email, password=password, ip=client_ip(request))
        except (WrongPassword, TooManyTries):
            return _over(request, used=True)
        return enter(request, person, how="password", back="/")
    return _over(request, used=_is_used(invitation))


def _is_used(invitation: Invitation) -> bool:
    return Invitation.objects.filter(pk=invitation.pk, used_at__isnull=False).exists()


def _ask(request: HttpRequest, invitation: Invitation, form: WelcomeForm) -> HttpResponse:
    context = {"invitation": invitation, "form": form}
    return _private(render(request, "welcome.html", context, status=422 if form.is_bound else 200))


def _over(request: HttpRequest, *, used: bool) -> HttpResponse:
    return _private(render(request, "welcome_over.html", {"used": used}, status=410))


def _private(response: HttpResponse) -> HttpResponse:
    # The address is the key: it goes to no other page, not even one of ours. "no-referrer" would make browsers send
    # "Origin: null" with the form, which is taken for another site's.
    response["Referrer-Policy"] = "strict-origin"
    response["X-Robots-Tag"] = "noindex"
    return response
