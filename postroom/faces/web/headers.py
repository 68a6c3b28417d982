"""Tell the browser what our pages may do: load from here, post to here, be framed by nobody."""

from collections.abc import Callable

from django.http import HttpRequest
from django.http.response import HttpResponseBase

_PAGE_POLICY = (
    "default-src 'none'; "
    "script-src 'self'; "
    "style-src 'self'; "
    "img-src 'self' data: blob:; "
    "font-src 'self'; "
    "connect-src 'self'; "
    "media-src 'self'; "
    "manifest-src 'self'; "
    "frame-src 'self'; "
    "form-action 'self'; "
    "base-uri 'none'; "
    "frame-ancestors 'none'"
)

_HEADERS = {
    "Content-Security-Policy": _PAGE_POLICY,
    "Referrer-Policy": "same-origin",
    "X-Content-Type-Options": "nosniff",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=(), payment=(), usb=(), browsing-topics=()",
}


Respond = Callable[[HttpRequest], HttpResponseBase]


def security_headers(get_response: Respond) -> Respond:
    """Add what a response has not set itself; a customer's mail, shown in a frame, brings a policy of its own."""

    def middleware(request: HttpRequest) -> HttpResponseBase:
        response = get_response(request)
        for name, value in _HEADERS.items():
            response.headers.setdefault(name, value)
        if response.headers.get("Content-Type", "").startswith("text/html"):
            # What a team reads is not left behind in a shared machine's cache.
            response.headers.setdefault("Cache-Control", "no-store")
        return response

    return middleware
