"""What a browser is told before it makes or shows a passkey, and the check of what it answers (WebAuthn).

All of it is django-allauth's over python-fido2, imported late: it is slow to load and few requests need it.
"""

import json
import struct
from typing import Any

from django.core.exceptions import ValidationError
from django.http import HttpRequest, JsonResponse
from django.utils.translation import gettext as _

from postroom.core.accounts.models import User

# What a browser's answer that is no answer makes the libraries raise.
_NONSENSE = (ValidationError, ValueError, TypeError, LookupError, AttributeError, struct.error, RecursionError)
_LONGEST = 100_000


class PasskeyRefused(Exception):
    """The browser's answer proves nothing; the sentence may be shown."""

    def __init__(self) -> None:
        super().__init__(_("This passkey was not recognised. Try again, or choose another way."))


def options_to_make(user: User, *, signs_in: bool) -> JsonResponse:
    """Tell a browser how to make a passkey; one that `signs_in` knows the person and asks for a finger or a PIN."""
    from allauth.mfa.webauthn.internal import auth

    return JsonResponse(auth.begin_registration(user, signs_in))


def options_to_show(user: User | None) -> JsonResponse:
    """Tell a browser to ask for a passkey: one of this person's, or for None any that signs in."""
    from allauth.mfa.webauthn.internal import auth

    return JsonResponse(auth.begin_authentication(user))


def made(request: HttpRequest) -> dict[str, Any]:
    """Return the new passkey that a form brings, checked."""
    from allauth.mfa.webauthn.internal import auth

    credential = _typed(request)
    try:
        auth.parse_registration_response(credential)
        auth.complete_registration(credential)
    except _NONSENSE:
        raise PasskeyRefused from None
    return credential


def shown(request: HttpRequest, user: User | None) -> User:
    """Check the passkey that a form brings and return whose it is; for None it has to be enough by itself."""
    from allauth.mfa.webauthn.internal import auth

    credential = _typed(request)
    try:
        auth.parse_authentication_response(credential)
        if user is None:
            if (auth.get_state() or {}).get("user_verification") != "required":
                raise PasskeyRefused
            user = auth.extract_user_from_response(credential)
        authenticator = auth.complete_authentication(user, credential)
    except _NONSENSE:
        raise PasskeyRefused from None
    authenticator.record_usage()
    assert isinstance(user, User)
    return user


def _typed(request: HttpRequest) -> dict[str, Any]:
    typed = request.POST.get("credential", "")
    try:
        credential = json.loads(typed) if len(typed) <= _LONGEST else None
    except (ValueError, RecursionError):
        credential = None
    if not isinstance(credential, dict):
        raise PasskeyRefused
    return credential
