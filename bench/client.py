"""A browser's share of the work, as little of it as can be: keep-alive connections in one event loop."""

import asyncio
import time
from collections.abc import Callable
from urllib.parse import urlencode, urlsplit

Request = bytes


def get(path: str, *, cookies: str = "") -> Request:
    """Return a GET as bytes."""
    return f"GET {path} HTTP/1.1\r\nHost: localhost\r\nCookie: {cookies}\r\n\r\n".encode()


def post(path: str, *, cookies: str, csrf: str, fields: dict[str, str]) -> Request:
    """Return a form's POST as bytes."""
    body = urlencode(fields)
    head = (
        f"POST {path} HTTP/1.1\r\nHost: localhost\r\nCookie: {cookies}; postroom_csrf={csrf}\r\nX-CSRFToken: {csrf}\r\n"
        f"Content-Type: application/x-www-form-urlencoded\r\nContent-Length: {len(body)}\r\n\r\n"
    )
    return (head + body).encode()


def times(url: str, make: Callable[[], Request], *, clients: int, each: int, expect: int = 200) -> list[float]:
    """Let so many clients ask one after the other; return the milliseconds of each answer."""
    return asyncio.run(_all(url, make, clients=clients, each=each, expect=expect))


async def _all(url: str, make: Callable[[], Request], *, clients: int, each: int, expect: int) -> list[float]:
    taken: list[float] = []
    await asyncio.gather(*[_one(url, make, each=each, expect=expect, taken=taken) for _ in range(clients)])
    return taken


async def _one(url: str, make: Callable[[], Request], *, each: int, expect: int, taken: list[float]) -> None:
    parts = urlsplit(url)
    reader, writer = await asyncio.open_connection(parts.hostname, parts.port)
    for _ in range(each):
        request = make()
        started = time.perf_counter()
        writer.write(request)
        head = await reader.readuntil(b"\r\n\r\n")
        body = await reader.readexactly(_length(head))
        taken.append((time.perf_counter() - started) * 1000)
        if int(head[9:12]) != expect:
            raise RuntimeError(f"{request[:80]!r} was answered {head[:200]!r} {body[:500]!r}")
    writer.close()
    await writer.wait_closed()


def _length(head: bytes) -> int:
    for line in head.lower().split(b"\r\n"):
        if line.startswith(b"content-length:"):
            return int(line.partition(b":")[2])
    raise RuntimeError(f"An answer without a length: {head!r}")
