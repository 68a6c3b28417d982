"""Serve an ASGI application until asked to stop, without waiting for streams that never end."""

import os
import signal
import socket
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import uvicorn
from starlette.types import ASGIApp


class Server(uvicorn.Server):
    """uvicorn, told what to end when it stops and whom to tell when it serves."""

    def __init__(self, config: uvicorn.Config, *, on_start: Callable[[], None], on_stop: Callable[[], None]) -> None:
        super().__init__(config)
        self._on_start = on_start
        self._on_stop = on_stop

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        """Begin to answer, then say so."""
        await super().startup(sockets=sockets)
        self._on_start()

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        """End the streams first: uvicorn waits for every open connection."""
        self._on_stop()
        await super().shutdown(sockets=sockets)

    @contextmanager
    def capture_signals(self) -> Iterator[None]:
        """Stop on Ctrl-C and SIGTERM with code 0; uvicorn itself would raise the signal again and end with its code."""
        for number in (signal.SIGINT, signal.SIGTERM):
            signal.signal(number, self.handle_exit)
        yield


def serve(app: ASGIApp, *, listening: socket.socket, on_stop: Callable[[], None]) -> None:
    """Answer on this socket until SIGTERM or Ctrl-C."""
    config = uvicorn.Config(
        app,
        log_level="warning",
        access_log=False,
        lifespan="off",
        ws="none",
        server_header=False,
        # Whose request it is, is said in one place, which knows POSTROOM_TRUSTED_PROXIES (faces/web/origin.py).
        proxy_headers=False,
        timeout_graceful_shutdown=3,
    )
    Server(config, on_start=_say_ready, on_stop=on_stop).run(sockets=[listening])


def _say_ready() -> None:
    """Tell the supervisor, if there is one, by closing its pipe after one byte."""
    if pipe := os.environ.pop("POSTROOM_INTERNAL_READY", ""):
        os.write(int(pipe), b"!")
        os.close(int(pipe))
