"""Say from where a request comes, for the audit log."""

from collections.abc import Callable

from django.http import HttpRequest
from django.http.response import HttpResponseBase

from postroom.core.audit.origin import Origin, coming_from

Respond = Callable[[HttpRequest], HttpResponseBase]


def where_from(get_response: Respond) -> Respond:
    """Let whatever is written to the audit log during a request say where it came from."""

    def middleware(request: HttpRequest) -> HttpResponseBase:
        with coming_from(Origin(ip=client_ip(request), device=request.headers.get("User-Agent", ""))):
            return get_response(request)

    return middleware


def client_ip(request: HttpRequest) -> str:
    """Return the network address of whoever asks; behind a proxy the server has put the client's there."""
    return str(request.META.get("REMOTE_ADDR", ""))
