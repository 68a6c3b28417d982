"""A wire between Postroom and a mail server, on which things go wrong."""

import asyncio
import contextlib
import random
import threading
from collections.abc import Awaitable
from dataclasses import dataclass, field
from typing import TypeVar

GOOD = "good"
REFUSING = "refusing"
SILENT = "silent"
NONSENSE = "nonsense"
CUTTING = "cutting"
TROUBLES = (REFUSING, SILENT, NONSENSE, CUTTING)

Answer = TypeVar("Answer")


@dataclass
class Wire:
    """Listens on `port` and passes bytes on to the server's port; `weather` says what happens to connections."""

    target: int
    port: int = 0
    weather: str = GOOD
    chance: random.Random = field(default_factory=lambda: random.Random(1))
    _open: set[asyncio.StreamWriter] = field(default_factory=set)
    _loop: asyncio.AbstractEventLoop = field(default_factory=asyncio.new_event_loop)

    def start(self) -> "Wire":
        """Begin to listen."""
        threading.Thread(target=self._loop.run_forever, name=f"wire to {self.target}", daemon=True).start()
        server = self._do(asyncio.start_server(self._connect, "127.0.0.1", self.port))
        self.port = int(server.sockets[0].getsockname()[1])
        return self

    def change(self, weather: str) -> None:
        """Turn the weather; a change for the worse tears what is open."""
        self.weather = weather
        if weather != GOOD:
            self._loop.call_soon_threadsafe(self._tear)

    def _do(self, what: Awaitable[Answer]) -> Answer:
        async def wait() -> Answer:
            return await what

        return asyncio.run_coroutine_threadsafe(wait(), self._loop).result(timeout=10)

    def _tear(self) -> None:
        for writer in list(self._open):
            writer.transport.abort()

    async def _connect(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self._open.add(writer)
        try:
            await self._serve(reader, writer)
        except (OSError, asyncio.IncompleteReadError):
            pass
        finally:
            self._open.discard(writer)
            writer.transport.abort()

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        weather = self.weather
        if weather == SILENT:
            await asyncio.sleep(8)
        if weather == NONSENSE:
            writer.write(self.chance.randbytes(400) + b"\r\n")
            with contextlib.suppress(TimeoutError):
                await asyncio.wait_for(reader.read(1000), 1)
        if weather not in (GOOD, CUTTING):
            return
        there, back = await asyncio.open_connection("127.0.0.1", self.target)
        self._open.add(back)
        # Somewhere in the middle of what is said.
        left = self.chance.randrange(200, 30_000) if weather == CUTTING else 2**62
        try:
            await asyncio.wait(
                [asyncio.ensure_future(_pass(reader, back, left)), asyncio.ensure_future(_pass(there, writer, left))],
                return_when=asyncio.FIRST_COMPLETED,
            )
        finally:
            self._open.discard(back)
            back.transport.abort()


async def _pass(reader: asyncio.StreamReader, writer: asyncio.StreamWriter, left: int) -> None:
    with contextlib.suppress(OSError):
        await _pass_on(reader, writer, left)


async def _pass_on(reader: asyncio.StreamReader, writer: asyncio.StreamWriter, left: int) -> None:
    while left > 0:
        data = await reader.read(min(65536, left))
        if not data:
            return
        writer.write(data)
        await writer.drain()
        left -= len(data)
