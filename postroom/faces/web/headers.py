"""Tell the browser what our answers may do: run what we wrote, load from here, post to here, be framed by nobody.

docs/security/browser.md says what each line is for.
"""

import secrets
from collections.abc import Callable

from django.conf import settings
from django.http import HttpRequest
from django.http.response import HttpResponseBase

_PAGE_POLICY = (
    "default-src 'none'; "
    "script-src {scripts}; "
    "style-src 'self'; "
    "img-src 'self' data: blob:; "
    "font-src 'self'; "
    "connect-src 'self'; "
    "media-src 'self'; "
    "manifest-src 'self'; "
    "worker-src 'self'; "
    "frame-src 'self'; "
    "form-action 'self'; "
    "base-uri 'none'; "
    "frame-ancestors 'none'; "
    # js/trusted.js has the one policy for strings that become HTML; DOMPurify cleans what is pasted by one of its own.
    "require-trusted-types-for 'script'; "
    "trusted-types default postroom-looking dompurify"
)

# Whatever answers: pages, fragments, files, errors, redirects, the event stream.
ALWAYS = {
    "Referrer-Policy": "same-origin",
    "X-Content-Type-Options": "nosniff",
    # For browsers that do not know frame-ancestors.
    "X-Frame-Options": "DENY",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Origin-Agent-Cluster": "?1",
    "X-Permitted-Cross-Domain-Policies": "none",
    "Permissions-Policy": (
        "accelerometer=(), browsing-topics=(), camera=(), display-capture=(), geolocation=(), gyroscope=(), hid=(), "
        "magnetometer=(), microphone=(), midi=(), payment=(), serial=(), usb=(), xr-spatial-tracking=()"
    ),
}
# For what is no page: nothing in it runs, loads or is framed.
BARE_POLICY = "default-src 'none'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
_A_YEAR = 365 * 24 * 60 * 60
_NONCE = "_script_nonce"

Respond = Callable[[HttpRequest], HttpResponseBase]


def security_headers(get_response: Respond) -> Respond:
    """Add what a response has not set itself; a customer's mail, shown in a frame, brings a policy of its own."""
    always = fixed_headers()

    def middleware(request: HttpRequest) -> HttpResponseBase:
        response = get_response(request)
        is_page = response.headers.get("Content-Type", "").startswith("text/html")
        response.headers.setdefault("Content-Security-Policy", _policy(request) if is_page else BARE_POLICY)
        for name, value in always.items():
            response.headers.setdefault(name, value)
        if is_page:
            # What a team reads is not left behind in a shared machine's cache.
            response.headers.setdefault("Cache-Control", "no-store")
        return response

    return middleware


def fixed_headers() -> dict[str, str]:
    """Return the headers that every answer has, and over https the promise to stay there."""
    if not settings.SESSION_COOKIE_SECURE:
        return ALWAYS
    # Not for subdomains: they may be somebody else's, and may not have a certificate.
    return ALWAYS | {"Strict-Transport-Security": f"max-age={_A_YEAR}"}


def nonce_of(request: HttpRequest) -> str:
    """Return this answer's nonce, which lets the scripts that stand in our templates run, and no others."""
    found: str | None = getattr(request, _NONCE, None)
    if found is None:
        found = secrets.token_urlsafe(18)
        setattr(request, _NONCE, found)
    return found


def _policy(request: HttpRequest) -> str:
    nonce = getattr(request, _NONCE, None)
    return _PAGE_POLICY.format(scripts=f"'nonce-{nonce}'" if nonce else "'none'")
