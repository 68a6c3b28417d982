"""Somebody comes back from a provider: they are signed in, or linked, or told why not."""

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _

from postroom.core.accounts.actions import sign_on
from postroom.core.accounts.models import SignInProvider, User
from postroom.core.accounts.sign_on import Said, SignOnRefused
from postroom.core.audit.refusals import tell_refusal
from postroom.faces.web.sign_on.words import how
from postroom.faces.web.signing_in.entering import enter
from postroom.lib.text import one_line


def arrive(
    request: HttpRequest, provider: SignInProvider, *, said: Said, back: str = "", linking: int | None = None
) -> HttpResponse:
    """Sign in whom the provider means, or link them with the person (`linking` is their id) who is signed in here."""
    try:
        if linking is None:
            person = sign_on.recognise(provider, said=said)
        else:
            return _link(request, provider, said=said, linking=linking)
    except SignOnRefused as refusal:
        return refuse(request, provider, str(refusal), account=said.email or said.subject)
    trusted = provider.trusts_second_factor and said.second_factor
    return enter(request, person, how=how(provider), back=back, second_factor_shown=trusted)


def refuse(request: HttpRequest, provider: SignInProvider, sentence: str, *, account: str = "") -> HttpResponse:
    """Say why nobody was signed in, and write it down."""
    after = {"how": how(provider), "account": one_line(account, length=254), "why": one_line(sentence, length=500)}
    tell_refusal(subject=f"sign_in_provider:{provider.pk}", after=after)
    context = {"provider": provider, "sentence": sentence}
    return render(request, "sign_on_refused.html", context, status=403)


def _link(request: HttpRequest, provider: SignInProvider, *, said: Said, linking: int) -> HttpResponse:
    person = request.user
    if not isinstance(person, User) or person.pk != linking:
        raise SignOnRefused(_("You have signed out meanwhile. Nothing was linked; sign in and try again."))
    sign_on.link(provider, person=person, said=said, by=person)
    return HttpResponseRedirect(f"{reverse('settings-sign-on-links')}?saved=1")
