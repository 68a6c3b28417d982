"""One origin and one port: the event stream and the pages behind the same door.

Measured in the same minutes with eight browsers: a page that takes 3 ms is answered 260 times a second here, 270 by
a2wsgi and 275 by granian, a page that does nothing 4,700, 2,100 and 7,100 times. So one process may do both.
"""

from collections.abc import Mapping

from django.conf import settings
from django.core.wsgi import get_wsgi_application
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from postroom.faces.web.headers import BARE_POLICY, fixed_headers
from postroom.wiring.bridge import Bridge, Headers
from postroom.wiring.live import Live

MEBIBYTE = 1024 * 1024
# Enough to cover those that wait for the database or for a password's hash; more would only share the same cores.
_THREADS = 8
_THREADS_ELSEWHERE = 6


def front(live: Live) -> ASGIApp:
    """Return the application that serves `/live` itself and hands everything else to Django."""
    # A form may carry several files; what one file may weigh is said by the page itself, in a better sentence.
    largest = 4 * settings.POSTROOM_MAX_UPLOAD_BYTES + 10 * MEBIBYTE
    django = get_wsgi_application()
    pages = Bridge(django, threads=_THREADS, largest=largest)
    # Slow servers of other people make only other people's images wait.
    elsewhere = Bridge(django, threads=_THREADS_ELSEWHERE, largest=MEBIBYTE)

    always = _encoded(fixed_headers() | {"Content-Security-Policy": BARE_POLICY})

    async def route(scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            return

        async def guarded(message: Message) -> None:
            if message["type"] == "http.response.start":
                message["headers"] = _completed(list(message.get("headers", ())), always)
            await send(message)

        path = scope["path"]
        if path.startswith("/remote-images/"):
            await elsewhere(scope, receive, guarded)
        else:
            await (live.app if path == "/live" else pages)(scope, receive, guarded)

    return route


def _encoded(headers: Mapping[str, str]) -> Headers:
    return [(name.lower().encode("latin-1"), value.encode("latin-1")) for name, value in headers.items()]


def _completed(headers: Headers, always: Headers) -> Headers:
    """Return the headers with those that the answer lacks: the stream, and refusals made before Django is asked."""
    there = {name.lower() for name, _value in headers}
    return headers + [one for one in always if one[0] not in there]
