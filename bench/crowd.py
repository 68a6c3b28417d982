"""From the commit to the last of two hundred agents, each signed in as somebody else."""

import asyncio
import threading
import time
from collections.abc import Coroutine, Iterator
from contextlib import contextmanager, suppress
from urllib.parse import urlsplit

from bench.figures import Figure, percentile
from bench.live import cookie_of
from postroom.core.accounts.models import Mailbox, Membership, User
from postroom.core.conversations.actions.close import close, reopen
from postroom.core.conversations.models import OPEN, Conversation

AGENTS = 200
_PATIENCE = 20.0
_FRAME = b'id: 1-1\nevent: hint\ndata: {"conversation":0,"kind":"x"}\n\n'


def crowd(engine: str, *, url: str, alice: User, commits: int) -> Figure:
    """Commit, and wait until everybody has the hint; in turns with a bare server that writes to as many sockets."""
    conversation = Conversation.objects.visible_to(alice).filter(status=OPEN).earliest("pk")
    cookies = [cookie_of(agent) for agent in _agents(conversation.mailbox)]
    delays, floors = [], []
    mark = f'"conversation":{conversation.pk},'.encode()
    with (
        _audience(url, cookies, mark=mark) as heard,
        _bare_server() as bare,
        _audience(bare.url, [""] * AGENTS, mark=b'"conversation":0,') as bare_heard,
    ):
        for number in range(commits):
            time.sleep(0.1)
            (close if number % 2 == 0 else reopen)(conversation, by=alice)
            delays.append(heard.last_after(time.perf_counter()))
            began = time.perf_counter()
            bare.say()
            floors.append(bare_heard.last_after(began))
    return Figure(
        engine,
        f"live, commit to the last of {AGENTS} agents",
        "ms",
        percentile(delays, 0.5),
        percentile(delays, 0.95),
        floor=percentile(floors, 0.5),
        floor_name="a bare server that writes to as many",
    )


def _agents(mailbox: Mailbox) -> list[User]:
    made = User.objects.bulk_create(
        User(email=f"crowd{n}@velo.example", name=f"Crowd {n}", password="!") for n in range(AGENTS)
    )
    Membership.objects.bulk_create(Membership(mailbox=mailbox, user=user) for user in made)
    return made


class _Heard:
    """When each listener heard of the last commit."""

    def __init__(self, listeners: int) -> None:
        self._listeners = listeners
        self._count = 0
        self._last = 0.0
        self._all = threading.Event()

    def hear(self, times: int) -> None:
        self._count += times
        if self._count >= self._listeners:
            self._last = time.perf_counter()
            self._all.set()

    def last_after(self, moment: float) -> float:
        """Return the milliseconds from the moment until everybody has heard."""
        if not self._all.wait(_PATIENCE):
            raise RuntimeError(f"Only {self._count} of {self._listeners} heard of it in {_PATIENCE:.0f} s.")
        self._all.clear()
        self._count = 0
        return max(self._last - moment, 0) * 1000


@contextmanager
def _audience(url: str, cookies: list[str], *, mark: bytes) -> Iterator[_Heard]:
    """Open a stream for each, all in one event loop of one thread, which costs as little as it can."""
    heard, parts = _Heard(len(cookies)), urlsplit(url)
    ready, loop = threading.Event(), asyncio.new_event_loop()

    async def listen(cookie: str, opened: asyncio.Semaphore) -> None:
        reader, writer = await asyncio.open_connection(parts.hostname, parts.port)
        writer.write(f"GET /live HTTP/1.1\r\nHost: localhost\r\nCookie: {cookie}\r\n\r\n".encode())
        await reader.readuntil(b"event: hello")
        opened.release()
        while said := await reader.read(65536):
            if times := said.count(mark):
                heard.hear(times)

    async def everybody() -> None:
        opened = asyncio.Semaphore(0)
        tasks = [asyncio.ensure_future(listen(cookie, opened)) for cookie in cookies]
        for _task in tasks:
            await opened.acquire()
        ready.set()
        await asyncio.gather(*tasks, return_exceptions=True)

    thread = _thread(loop, everybody())
    thread.start()
    if not ready.wait(60):
        raise RuntimeError("Not all streams were opened within a minute.")
    yield heard
    loop.call_soon_threadsafe(lambda: [task.cancel() for task in asyncio.all_tasks(loop)])
    thread.join(5)


def _thread(loop: asyncio.AbstractEventLoop, what: Coroutine[None, None, None]) -> threading.Thread:
    """Return a thread, not started yet, that does it until it is cancelled."""

    def run() -> None:
        with suppress(asyncio.CancelledError):
            loop.run_until_complete(what)

    return threading.Thread(target=run, daemon=True)


class _Bare:
    """A server that says hello and then, when told, one frame to all."""

    def __init__(self) -> None:
        self.loop = asyncio.new_event_loop()
        self.writers: list[asyncio.StreamWriter] = []
        self.url = ""

    async def serve(self, ready: threading.Event) -> None:
        async def answer(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
            await reader.readuntil(b"\r\n\r\n")
            writer.write(b"HTTP/1.1 200 OK\r\n\r\nevent: hello\n\n")
            self.writers.append(writer)

        server = await asyncio.start_server(answer, "127.0.0.1", 0)
        self.url = f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}"
        ready.set()
        await server.serve_forever()

    def say(self) -> None:
        self.loop.call_soon_threadsafe(self._write)

    def _write(self) -> None:
        for writer in self.writers:
            writer.write(_FRAME)


@contextmanager
def _bare_server() -> Iterator[_Bare]:
    bare, ready = _Bare(), threading.Event()
    thread = _thread(bare.loop, bare.serve(ready))
    thread.start()
    ready.wait(10)
    yield bare
    bare.loop.call_soon_threadsafe(lambda: [task.cancel() for task in asyncio.all_tasks(bare.loop)])
