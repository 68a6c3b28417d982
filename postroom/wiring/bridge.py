"""Django's WSGI application as an ASGI one, so that pages and the event stream share a port.

The request's body is collected before a thread is taken, and the response is sent after it is given back: a slow or
stuck browser holds no thread. A body that ends early never reaches the pages: half a reply must not go to a customer.
"""

import asyncio
import io
import sys
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from functools import partial
from tempfile import SpooledTemporaryFile
from typing import Any, BinaryIO, cast
from urllib.parse import unquote_to_bytes

from starlette.types import Message, Receive, Scope, Send

from postroom.wiring.packing import packed, packs

Wsgi = Callable[[dict[str, Any], Callable[..., Any]], Iterable[bytes]]
Headers = list[tuple[bytes, bytes]]

# A body above this is kept in a temporary file meanwhile.
_IN_MEMORY = 1024 * 1024
# A response above this is sent in pieces of about this size.
_PIECE = 256 * 1024
_TOO_LARGE = b"This is too large for Postroom. Nothing was saved; send smaller files.\n"


class Gone(Exception):
    """The browser went away in the middle of its request."""


class TooLarge(Exception):
    """The body is larger than anything that the pages take."""


@dataclass
class Answer:
    """What the pages answer: a first piece of the body, and an iterator for the rest when there is more."""

    status: int = 500
    headers: Headers = field(default_factory=list)
    body: bytes = b""
    rest: Iterator[bytes] | None = None
    close: Callable[[], None] = lambda: None


class Bridge:
    """The ASGI application; `threads` pages are made at once and the next wait their turn."""

    def __init__(self, wsgi: Wsgi, *, threads: int, largest: int) -> None:
        self._wsgi = wsgi
        self._largest = largest
        self._threads = ThreadPoolExecutor(max_workers=threads, thread_name_prefix="page")

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one HTTP request."""
        try:
            body, size = await _body(receive, largest=self._largest, declared=_declared(scope))
        except Gone:
            return
        except TooLarge:
            headers = [(b"content-type", b"text/plain; charset=utf-8"), (b"connection", b"close")]
            await send({"type": "http.response.start", "status": 413, "headers": headers})
            await send({"type": "http.response.body", "body": _TOO_LARGE})
            return
        with body:
            answer = await self._in_thread(partial(_call, self._wsgi, environ(scope, body, size=size)))
        await self._send(answer, receive, send)

    async def _send(self, answer: Answer, receive: Receive, send: Send) -> None:
        # A whole mailbox is not read for a browser that went away after its first piece.
        gone = asyncio.ensure_future(_gone(receive)) if answer.rest else None
        try:
            await send({"type": "http.response.start", "status": answer.status, "headers": answer.headers})
            while answer.rest and not (gone and gone.done()):
                await send({"type": "http.response.body", "body": answer.body, "more_body": True})
                await self._in_thread(partial(_read_on, answer))
            await send({"type": "http.response.body", "body": answer.body})
        finally:
            if gone:
                gone.cancel()
            if answer.rest:
                await self._in_thread(answer.close)

    async def _in_thread(self, call: Callable[[], Any]) -> Any:
        return await asyncio.get_running_loop().run_in_executor(self._threads, call)


def environ(scope: Scope, body: BinaryIO, *, size: int) -> dict[str, Any]:
    """Return the request as PEP 3333 wants it, with the length of the body as it was received."""
    server = scope.get("server") or ("localhost", 80)
    made: dict[str, Any] = {
        "REQUEST_METHOD": scope["method"],
        "SCRIPT_NAME": "",
        # PEP 3333: the path's bytes, read as Latin-1.
        "PATH_INFO": unquote_to_bytes(scope["raw_path"]).decode("latin-1"),
        "QUERY_STRING": scope["query_string"].decode("latin-1"),
        "SERVER_NAME": server[0],
        "SERVER_PORT": str(server[1] or 0),
        "SERVER_PROTOCOL": f"HTTP/{scope['http_version']}",
        "REMOTE_ADDR": (scope.get("client") or ("", 0))[0],
        "CONTENT_LENGTH": str(size),
        "wsgi.version": (1, 0),
        "wsgi.url_scheme": scope.get("scheme", "http"),
        "wsgi.input": body,
        "wsgi.errors": sys.stderr,
        "wsgi.multithread": True,
        "wsgi.multiprocess": False,
        "wsgi.run_once": False,
    }
    for raw_name, raw_value in scope["headers"]:
        name, value = raw_name.decode("latin-1"), raw_value.decode("latin-1")
        if name == "content-type":
            made["CONTENT_TYPE"] = value
        # An underscore would be taken for a hyphen: X_Forwarded_Proto must not pass for what only a proxy may say.
        elif name not in ("content-length", "transfer-encoding") and "_" not in name:
            key = "HTTP_" + name.upper().replace("-", "_")
            made[key] = f"{made[key]}{'; ' if name == 'cookie' else ','}{value}" if key in made else value
    return made


async def _body(receive: Receive, *, largest: int, declared: int) -> tuple[BinaryIO, int]:
    if declared > largest:
        raise TooLarge
    message = await receive()
    if message["type"] == "http.request" and not message.get("more_body"):
        # Nearly always: the whole body is here, or there is none.
        data = message.get("body", b"")
        return io.BytesIO(data), len(data)
    file = cast("BinaryIO", SpooledTemporaryFile(max_size=_IN_MEMORY))  # noqa: SIM115  (closed by the caller)
    try:
        size = await _collect(message, receive, into=file, largest=largest)
    except BaseException:
        file.close()
        raise
    file.seek(0)
    return file, size


async def _collect(message: Message, receive: Receive, *, into: BinaryIO, largest: int) -> int:
    size = 0
    while True:
        if message["type"] == "http.disconnect":
            raise Gone
        size += into.write(message.get("body", b""))
        if size > largest:
            raise TooLarge
        if not message.get("more_body"):
            return size
        message = await receive()


async def _gone(receive: Receive) -> None:
    while (await receive())["type"] != "http.disconnect":
        pass


def _declared(scope: Scope) -> int:
    for name, value in scope["headers"]:
        if name == b"content-length" and value.isdigit():
            return int(value[:20])
    return 0


def _call(wsgi: Wsgi, made: dict[str, Any]) -> Answer:
    """Run the application in this thread up to its first piece; most pages end there."""
    answer = Answer()

    def start_response(status: str, headers: list[tuple[str, str]], _exc_info: object = None, /) -> None:
        answer.status = int(status[:3])
        # Django puts a space before a cookie.
        answer.headers = [(name.lower().encode("latin-1"), value.strip().encode("latin-1")) for name, value in headers]

    pieces = wsgi(made, start_response)
    answer.close = getattr(pieces, "close", answer.close)
    answer.rest = iter(pieces)
    try:
        _read_on(answer)
    except BaseException:
        answer.close()
        raise
    return _as_sent(answer, made)


def _as_sent(answer: Answer, request: dict[str, Any]) -> Answer:
    """Return a whole answer packed, where the browser takes it; what is sent in pieces stays as it is."""
    if answer.rest is None and packs(answer.headers, answer.body, request):
        answer.headers, answer.body = packed(answer.headers, answer.body)
    return answer


def _read_on(answer: Answer) -> None:
    """Put the next piece into the answer; at the end close it in the same thread."""
    assert answer.rest is not None
    pieces, size = [], 0
    for piece in answer.rest:
        pieces.append(piece)
        size += len(piece)
        if size >= _PIECE:
            break
    else:
        answer.rest = None
        answer.close()
    answer.body = b"".join(pieces)
