"""GET /live: the event stream, as a small ASGI application of its own."""

import asyncio
import os
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from importlib import import_module
from typing import TypeVar

from django.conf import settings
from django.contrib.auth import get_user
from django.db import InterfaceError, OperationalError, close_old_connections
from django.http import HttpRequest
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import Route
from starlette.types import Receive, Scope, Send

from postroom.core.accounts.allowed_networks import is_allowed
from postroom.core.events import log
from postroom.core.events.log import Position
from postroom.faces.web.origin import client_of
from postroom.faces.web.signing_in.due import holds_back
from postroom.followers.realtime.hints import frame
from postroom.followers.realtime.hub import Hub
from postroom.followers.realtime.replay import replay
from postroom.followers.realtime.streams import Stream

T = TypeVar("T")

# Seconds. Shorter than any proxy's patience; a person who signed out is told within one of them.
_HEARTBEAT = float(os.environ.get("POSTROOM_INTERNAL_HEARTBEAT", "15"))
_HEADERS = {
    "Cache-Control": "no-cache, no-transform",
    # nginx would collect the frames.
    "X-Accel-Buffering": "no",
}


class Live:
    """The stream's application and all that it keeps open."""

    def __init__(self) -> None:
        self.hub = Hub()
        self.app = Starlette(routes=[Route("/live", self._open)])
        self._threads = ThreadPoolExecutor(max_workers=2, thread_name_prefix="live")
        self._rounds: asyncio.Task[None] | None = None

    def close(self) -> None:
        """End every stream; their browsers come back with the id they had."""
        self.hub.close()
        if self._rounds:
            self._rounds.cancel()

    async def in_thread(self, ask: Callable[[], T]) -> T:
        """Ask the database outside the event loop, with a connection that is not stale."""
        return await asyncio.get_running_loop().run_in_executor(self._threads, _asked, ask)

    async def _open(self, request: Request) -> Response:
        session_key, ip = request.cookies.get(settings.SESSION_COOKIE_NAME, ""), _ip(request)
        user_id = await self.in_thread(partial(signed_in, session_key, ip=ip))
        if user_id is None:
            return PlainTextResponse("Sign in first.\n", status_code=401)
        if not self.hub.started:
            self.hub.start(await self.in_thread(log.end))
            self._rounds = self._rounds or asyncio.create_task(self._go_round())
        last = Position.parse(request.headers.get("last-event-id") or request.query_params.get("last") or "")
        stream = Stream(user_id, session_key=session_key, ip=ip)
        return Streaming(self, stream, start=last or self.hub.reached)

    async def _go_round(self) -> None:
        """Keep the connections awake, and end those whose person has signed out or may no longer come in."""
        while True:
            await asyncio.sleep(_HEARTBEAT)
            self.hub.beat()
            try:
                await self._end_signed_out()
            except (OperationalError, InterfaceError):
                # The database is away. The next round asks again, and until then there is nothing to tell anybody.
                continue

    async def _end_signed_out(self) -> None:
        keys = {(stream.session_key, stream.ip): stream.user_id for stream in self.hub.streams()}
        gone = set()
        for (key, ip), user_id in keys.items():
            # One at a time: new streams get their turn in between.
            if await self.in_thread(partial(signed_in, key, ip=ip)) != user_id:
                gone.add((key, ip))
        for stream in self.hub.streams():
            if (stream.session_key, stream.ip) in gone:
                stream.sign_out()


class Streaming(Response):
    """One open stream, from the first byte to the last."""

    media_type = "text/event-stream"

    def __init__(self, live: Live, stream: Stream, *, start: Position) -> None:
        super().__init__(headers=_HEADERS)
        del self.headers["content-length"]
        self._live = live
        self._stream = stream
        self._start = start

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Send until the browser goes, the person signs out or the process ends."""
        await send({"type": "http.response.start", "status": 200, "headers": self.raw_headers})
        if scope["method"] == "HEAD":
            await send({"type": "http.response.body"})
            return
        self._live.hub.open(self._stream)
        gone = asyncio.create_task(_when_gone(receive, self._stream))
        try:
            await self._send_all(send)
        finally:
            gone.cancel()
            self._live.hub.forget(self._stream)

    async def _send_all(self, send: Send) -> None:
        stream, sent = self._stream, self._start
        # A second until the browser tries again: a restart takes about that long.
        piece = b"retry: 1000\n" + frame("hello", at=sent)
        while True:
            if piece:
                await send({"type": "http.response.body", "body": piece, "more_body": True})
            if stream.closed:
                break
            if stream.behind:
                sent, piece = await self._catch_up(sent)
            else:
                await stream.wait()
                sent, piece = stream.take(after=sent)
        farewell = frame("signed_out", at=sent) if stream.signed_out else b""
        await send({"type": "http.response.body", "body": farewell})

    async def _catch_up(self, sent: Position) -> tuple[Position, bytes]:
        self._stream.catching_up()
        try:
            missed = await self._live.in_thread(partial(replay, sent, user_id=self._stream.user_id))
        except (OperationalError, InterfaceError):
            # The browser comes back with the id it has.
            self._stream.close()
            return sent, b""
        return (missed[-1][0] if missed else sent), b"".join(piece for _, piece in missed)


def signed_in(session_key: str, *, ip: str) -> int | None:
    """Return whose session this is, judged as the pages do; None for nobody's, an old or a deactivated person's.

    None, too, at an address that the organisation does not allow, and for somebody who has to add a second factor
    first. An open stream is no activity: it may grow idle.
    """
    if not session_key or not is_allowed(ip):
        return None
    request = HttpRequest()
    request.session = import_module(settings.SESSION_ENGINE).SessionStore(session_key)
    user = get_user(request)
    if not user.is_authenticated or not user.is_active or holds_back(user, session=request.session):
        return None
    return user.pk


def _ip(request: Request) -> str:
    forwarded = ",".join(request.headers.getlist("x-forwarded-for"))
    return client_of(request.client.host if request.client else "", forwarded=forwarded)


async def _when_gone(receive: Receive, stream: Stream) -> None:
    while (await receive())["type"] != "http.disconnect":
        pass
    stream.close()


def _asked(ask: Callable[[], T]) -> T:
    close_old_connections()
    try:
        return ask()
    finally:
        close_old_connections()
