"""A browser's share of the work, as little of it as can be: keep-alive connections in one event loop."""

import asyncio
import time
from collections.abc import Callable
from urllib.parse import urlencode, urlsplit

Request = bytes


def get(path: str, *, cookies: str = "", target: str = "") -> Request:
    """Return a GET as bytes; with `target` one that htmx sends, for a part of a page."""
    # Packed, as every browser asks for it: that is part of a page's cost.
    asked = f"HX-Request: true\r\nHX-Target: {target}\r\n" if target else ""
    head = f"GET {path} HTTP/1.1\r\nHost: localhost\r\nAccept-Encoding: gzip\r\n{asked}Cookie: {cookies}\r\n\r\n"
    return head.encode()


def post(path: str, *, cookies: str, csrf: str, fields: dict[str, str]) -> Request:
    """Return a form's POST as bytes."""
    body = urlencode(fields)
    head = (
        f"POST {path} HTTP/1.1\r\nHost: localhost\r\nCookie: {cookies}; postroom_csrf={csrf}\r\nX-CSRFToken: {csrf}\r\n"
        f"Content-Type: application/x-www-form-urlencoded\r\nContent-Length: {len(body)}\r\n\r\n"
    )
    return (head + body).encode()


def times(url: str, make: Callable[[], Request], *, clients: int, seconds: float, expect: int = 200) -> list[float]:
    """Let so many clients ask, each one thing after the other, for so long; return the milliseconds of each answer."""
    return asyncio.run(_all(url, make, clients=clients, seconds=seconds, expect=expect))


async def _all(url: str, make: Callable[[], Request], *, clients: int, seconds: float, expect: int) -> list[float]:
    taken: list[float] = []
    until = time.monotonic() + seconds
    await asyncio.gather(*[_one(url, make, until=until, expect=expect, taken=taken) for _ in range(clients)])
    return taken


async def _one(url: str, make: Callable[[], Request], *, until: float, expect: int, taken: list[float]) -> None:
    parts = urlsplit(url)
    reader, writer = await asyncio.open_connection(parts.hostname, parts.port)
    while time.monotonic() < until:
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
