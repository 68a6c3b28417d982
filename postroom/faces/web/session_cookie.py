"""The session's cookie, which only a sign-out takes away."""

from django.conf import settings
from django.contrib.sessions.middleware import SessionMiddleware
from django.http import HttpRequest, HttpResponse

from postroom.core.accounts.session_store import SessionStore


class SessionCookie(SessionMiddleware):
    """Django's own, which also deletes the cookie of a key it does not know.

    A sign-in changes the key. What the browser had asked with the old one and is answered a moment later would take the
    new one away: a person signs in, and is signed out.
    """

    def process_response(self, request: HttpRequest, response: HttpResponse) -> HttpResponse:
        """Set the cookie where the session was written, take it away where it was ended here."""
        answer = super().process_response(request, response)
        cookie = answer.cookies.get(settings.SESSION_COOKIE_NAME)
        ended = isinstance(request.session, SessionStore) and request.session.ended_here
        if cookie is not None and not cookie.value and not ended:
            del answer.cookies[settings.SESSION_COOKIE_NAME]
        return answer
