"""Signing in with a provider: there, and back."""

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST, require_safe

from postroom.core.accounts.models import SignInProvider
from postroom.core.accounts.models.sign_on import LDAP, OPENID_KINDS, SAML
from postroom.core.accounts.sign_on import SignOnRefused
from postroom.faces.web.access import person, signed_in
from postroom.faces.web.sign_on import arriving
from postroom.faces.web.signing_in.entering import wanted

# An assertion is some ten kilobytes; nobody's is larger than this, base64 and all.
_MOST_CHARACTERS = 400_000


@require_POST
def begin(request: HttpRequest, provider_id: int) -> HttpResponse:
    """Go to the provider to be signed in; a page between, since a form may not lead out of the house."""
    return _leave(request, _in_use(provider_id), back=wanted(request), linking=None)


@require_POST
@signed_in
def begin_link(request: HttpRequest, provider_id: int) -> HttpResponse:
    """Go to the provider to link the account there with the person who is signed in here."""
    return _leave(request, _in_use(provider_id), back="/", linking=person(request).pk)


@require_safe
def back(request: HttpRequest, provider_id: int) -> HttpResponse:
    """Take the code that an OpenID provider gave."""
    from postroom.faces.web.sign_on import openid

    return openid.back(request, _in_use(provider_id, *OPENID_KINDS))


@csrf_exempt
@require_POST
def saml_back(request: HttpRequest, provider_id: int) -> HttpResponse:
    """Take the answer that an identity provider made the browser bring.

    The form comes from another site, so our cookie (SameSite=Lax) stays behind: our own page sends it once more. That
    the answer is to a question of this very session is what keeps it from being forged.
    """
    from postroom.faces.web.sign_on import saml

    provider = _in_use(provider_id, SAML)
    answer = request.POST.get("SAMLResponse", "")[:_MOST_CHARACTERS]
    if not saml.has_journeys(request) and "again" not in request.POST:
        return render(request, "saml_relay.html", {"provider": provider, "answer": answer})
    return saml.back(request, provider, answer=answer)


@require_safe
def saml_metadata(request: HttpRequest, provider_id: int) -> HttpResponse:
    """Show what an identity provider is to know of us; nothing in it is a secret."""
    from postroom.faces.web.sign_on import saml

    provider = get_object_or_404(SignInProvider, pk=provider_id, kind=SAML)
    return HttpResponse(saml.metadata(request, provider), content_type="application/samlmetadata+xml")


def _in_use(provider_id: int, *kinds: str) -> SignInProvider:
    provider = get_object_or_404(SignInProvider, pk=provider_id, enabled=True)
    if provider.kind == LDAP or (kinds and provider.kind not in kinds):
        raise Http404
    return provider


def _leave(request: HttpRequest, provider: SignInProvider, *, back: str, linking: int | None) -> HttpResponse:
    from postroom.faces.web.sign_on import openid, saml

    go = saml.begin if provider.kind == SAML else openid.begin
    try:
        there = go(request, provider, back=back, linking=linking, afresh="afresh" in request.POST)
    except SignOnRefused as refusal:
        return arriving.refuse(request, provider, str(refusal))
    response = render(request, "sign_on_leaving.html", {"provider": provider, "there": there})
    response["Refresh"] = f"0; url={there}"
    return response
