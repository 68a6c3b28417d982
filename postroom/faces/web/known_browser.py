"""The long-lived cookie by which a browser is known again at the next sign-in. It opens nothing."""

import secrets
from collections.abc import Callable

from django.conf import settings
from django.core.signing import BadSignature, Signer
from django.http import HttpRequest
from django.http.response import HttpResponseBase

from postroom.core.accounts.actions.arrivals import arrive
from postroom.core.accounts.known import REMEMBERED, device_digest
from postroom.core.accounts.models import User
from postroom.core.accounts.session_store import DEVICE_KEY

Respond = Callable[[HttpRequest], HttpResponseBase]

_SALT = "postroom.known_browser"
_NEW = "postroom_new_browser"


def token_of(request: HttpRequest) -> str:
    """Return the token this browser was given once, empty without one or with one that is not ours."""
    try:
        return Signer(salt=_SALT).unsign(request.COOKIES.get(settings.POSTROOM_DEVICE_COOKIE, ""))
    except BadSignature:
        return ""


def welcome(request: HttpRequest, person: User) -> None:
    """Know this browser from now on as one of this person's, who has just signed in; tell them when it is new.

    Call it after the session was opened. The cookie goes out with the response, whatever that is.
    """
    token = token_of(request) or secrets.token_urlsafe(24)
    digest = device_digest(token)
    request.session[DEVICE_KEY] = digest
    # Renewed each time, so that a browser in use is never forgotten.
    setattr(request, _NEW, token)
    arrive(person, device=digest)


def keep_token(get_response: Respond) -> Respond:
    """Hand the token to a browser in which somebody has just signed in."""

    def middleware(request: HttpRequest) -> HttpResponseBase:
        response = get_response(request)
        if token := getattr(request, _NEW, ""):
            response.set_cookie(
                settings.POSTROOM_DEVICE_COOKIE,
                Signer(salt=_SALT).sign(token),
                max_age=REMEMBERED,
                secure=settings.SESSION_COOKIE_SECURE,
                httponly=True,
                samesite="Lax",
            )
        return response

    return middleware
