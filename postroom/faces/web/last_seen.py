"""Note when a session's person was last here, at most once a minute."""

from collections.abc import Callable

from django.db import OperationalError
from django.http import HttpRequest
from django.http.response import HttpResponseBase

from postroom.core.accounts.models import Session
from postroom.core.accounts.sessions import seen
from postroom.faces.web.origin import client_ip

Respond = Callable[[HttpRequest], HttpResponseBase]

# Set by live.js: a page that fetches what changed does so with nobody before it as well.
_BY_ITSELF = "Postroom-By-Itself"


def note_activity(get_response: Respond) -> Respond:
    """Keep the session of whoever does something from ending for want of that."""

    def middleware(request: HttpRequest) -> HttpResponseBase:
        if request.user.is_authenticated and _BY_ITSELF not in request.headers:
            session = getattr(request.session, "row", None)
            if isinstance(session, Session):
                _note(request, session)
        return get_response(request)

    return middleware


def _note(request: HttpRequest, session: Session) -> None:
    try:
        seen(session, ip=client_ip(request), device=request.headers.get("User-Agent", ""))
    except OperationalError:
        # A full disk, or another writer for too long: the page itself only reads. The next minute notes it.
        return
