"""Say from where a request comes: the one place that knows of proxies."""

from collections.abc import Callable, Sequence

from django.conf import settings
from django.http import HttpRequest
from django.http.response import HttpResponseBase

from postroom.core.audit.origin import Origin, coming_from
from postroom.lib import networks

Respond = Callable[[HttpRequest], HttpResponseBase]


def where_from(get_response: Respond) -> Respond:
    """Let whatever is written to the audit log during a request say where it came from."""

    def middleware(request: HttpRequest) -> HttpResponseBase:
        if not _may_say_https(request):
            request.META.pop("HTTP_X_FORWARDED_PROTO", None)
        with coming_from(Origin(ip=client_ip(request), device=request.headers.get("User-Agent", ""))):
            return get_response(request)

    return middleware


def client_ip(request: HttpRequest) -> str:
    """Return the network address of whoever asks, empty when it cannot be told."""
    return client_of(str(request.META.get("REMOTE_ADDR", "")), forwarded=request.META.get("HTTP_X_FORWARDED_FOR", ""))


def _may_say_https(request: HttpRequest) -> bool:
    """Tell whether X-Forwarded-Proto is worth something: from a trusted proxy, or where all is https in any case."""
    peer = networks.address(str(request.META.get("REMOTE_ADDR", "")))
    return settings.POSTROOM_BASE_URL.startswith("https:") or networks.within(peer, settings.POSTROOM_TRUSTED_PROXIES)


def client_of(peer: str, *, forwarded: str) -> str:
    """Return whose request this peer brings, with its X-Forwarded-For; only POSTROOM_TRUSTED_PROXIES are believed."""
    trusted: Sequence[networks.Network] = settings.POSTROOM_TRUSTED_PROXIES
    return networks.client(peer, forwarded, trusted=trusted)
