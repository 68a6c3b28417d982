"""Signing in with a passkey alone: it knows who its person is."""

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.views.decorators.http import require_POST

from postroom.faces.web.signing_in import passkeys
from postroom.faces.web.signing_in.entering import PASSKEY, enter, wanted


@require_POST
def passkey_options(request: HttpRequest) -> HttpResponse:
    """Tell the browser to offer the passkeys that it has for us."""
    del request
    return passkeys.options_to_show(None)


@require_POST
def passkey(request: HttpRequest) -> HttpResponse:
    """Take a passkey and sign its person in."""
    if request.user.is_authenticated:
        return HttpResponseRedirect(wanted(request))
    try:
        person = passkeys.shown(request, None)
    except passkeys.PasskeyRefused:
        return HttpResponseRedirect(f"{reverse('sign-in')}?refused=passkey")
    return enter(request, person, how=PASSKEY)
