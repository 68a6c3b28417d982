"""What a browser fetches ahead on a guess nobody has read: it is not given, and asked for again by whoever looks."""

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase

Respond = Callable[[HttpRequest], HttpResponseBase]

# Of today's browsers, of older ones, and of Firefox.
_HEADERS = ("Sec-Purpose", "Purpose", "X-Moz")


def no_prefetching(get_response: Respond) -> Respond:
    """Answer a request that only guesses with 503, as browsers understand it.

    To give the page and write no reading would let anybody read unseen who sends this header.
    """

    def middleware(request: HttpRequest) -> HttpResponseBase:
        if any("prefetch" in request.headers.get(name, "").lower() for name in _HEADERS):
            return HttpResponse(status=503, headers={"Cache-Control": "no-store"})
        return get_response(request)

    return middleware
