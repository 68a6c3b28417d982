"""The way from the port to the pages: bodies whole or not at all, and no thread for a slow browser."""

import socket
import threading
import time
from collections.abc import Callable, Iterable, Iterator
from http.client import HTTPConnection
from typing import Any

import pytest
import uvicorn

from postroom.wiring.bridge import Bridge
from postroom.wiring.listening import listen

LARGEST = 8 * 1024 * 1024
Browse = Callable[[], socket.socket]
HEAD = "POST /replies HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/x-www-form-urlencoded\r\n"


class Pages:
    """A WSGI application that keeps what it was asked."""

    def __init__(self) -> None:
        self.asked: list[tuple[dict[str, Any], bytes]] = []
        self.answer: Iterable[bytes] = [b"hello"]
        self.closed = threading.Event()

    def __call__(self, environ: dict[str, Any], start_response: Callable[..., object]) -> Iterable[bytes]:
        self.asked.append((environ, environ["wsgi.input"].read()))
        start_response("200 OK", [("Content-Type", "text/plain"), ("Set-Cookie", " a=b")])
        return self._pieces()

    def _pieces(self) -> Iterator[bytes]:
        try:
            yield from self.answer
        finally:
            self.closed.set()


@pytest.fixture
def pages() -> Pages:
    return Pages()


@pytest.fixture
def port(pages: Pages) -> Iterator[int]:
    """Where the pages are served; there are two threads for them."""
    listening = listen("127.0.0.1", 0)
    bridge = Bridge(pages, threads=2, largest=LARGEST)
    server = uvicorn.Server(uvicorn.Config(bridge, lifespan="off", log_level="warning", ws="none"))
    thread = threading.Thread(target=server.run, kwargs={"sockets": [listening]})
    thread.start()
    yield int(listening.getsockname()[1])
    server.should_exit = True
    thread.join(timeout=10)


@pytest.fixture
def browse(port: int) -> Iterator[Callable[[], socket.socket]]:
    """Open connections by hand; all are closed in the end."""
    opened: list[socket.socket] = []

    def browser() -> socket.socket:
        opened.append(socket.create_connection(("127.0.0.1", port), timeout=10))
        return opened[-1]

    yield browser
    for one in opened:
        one.close()


def ask(port: int, method: str = "GET", path: str = "/", *, body: Any = None, **headers: str) -> tuple[int, bytes, str]:
    """Return status, body and cookie."""
    connection = HTTPConnection("127.0.0.1", port, timeout=10)
    try:
        connection.request(method, path, body=body, headers={k.replace("_", "-"): v for k, v in headers.items()})
        with connection.getresponse() as response:
            return response.status, response.read(), response.headers["Set-Cookie"]
    finally:
        connection.close()


def test_a_request_arrives_as_it_was_sent(port: int, pages: Pages) -> None:
    answer = ask(port, "POST", "/na%C3%AFve%2Fx?q=%C3%A9&r", body=b"a=1", Accept_Language="fr", Cookie="k=v")
    assert answer == (200, b"hello", "a=b")
    ((environ, body),) = pages.asked
    assert body == b"a=1"
    assert environ["PATH_INFO"].encode("latin-1") == "/naïve/x".encode()
    assert environ["QUERY_STRING"] == "q=%C3%A9&r"
    assert environ["CONTENT_LENGTH"] == "3"
    assert (environ["HTTP_ACCEPT_LANGUAGE"], environ["HTTP_COOKIE"]) == ("fr", "k=v")
    assert environ["REMOTE_ADDR"] == "127.0.0.1"


@pytest.mark.parametrize("size", [0, 1, 65536, 1024 * 1024 + 1, LARGEST])
def test_a_body_of_any_size_arrives_whole(port: int, pages: Pages, size: int) -> None:
    sent = bytes(range(256)) * (size // 256) + b"x" * (size % 256)
    assert ask(port, "POST", body=sent)[0] == 200
    assert pages.asked[0][1] == sent


def test_a_body_in_chunks_gets_its_length(pages: Pages, browse: Browse) -> None:
    with browse() as browser:
        browser.sendall((HEAD + "Transfer-Encoding: chunked\r\nConnection: close\r\n\r\n").encode())
        for piece in (b"text=", b"Dear Ann"):
            browser.sendall(b"%x\r\n%s\r\n" % (len(piece), piece))
            time.sleep(0.05)
        browser.sendall(b"0\r\n\r\n")
        assert browser.recv(12) == b"HTTP/1.1 200"
    ((environ, body),) = pages.asked
    assert body == b"text=Dear Ann"
    assert environ["CONTENT_LENGTH"] == "13"


def test_half_a_form_never_reaches_the_pages(port: int, pages: Pages, browse: Browse) -> None:
    with browse() as browser:
        browser.sendall((HEAD + "Content-Length: 30\r\n\r\ntext=Dear Ann, we").encode())
        time.sleep(0.1)
    assert ask(port)[0] == 200
    assert [body for _environ, body in pages.asked] == [b""]


@pytest.mark.parametrize("declared", [True, False])
def test_too_large_is_said_in_a_sentence(pages: Pages, browse: Browse, declared: bool) -> None:
    with browse() as browser:
        length = f"Content-Length: {LARGEST + 1}" if declared else "Transfer-Encoding: chunked"
        browser.sendall(f"{HEAD}{length}\r\n\r\n".encode())
        if not declared:
            for _ in range(9):
                browser.sendall(b"100000\r\n" + b"x" * 0x100000 + b"\r\n")
        assert browser.recv(12) == b"HTTP/1.1 413"
    assert pages.asked == []


def test_head_has_no_body(pages: Pages, browse: Browse) -> None:
    with browse() as browser:
        browser.sendall(b"HEAD / HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n")
        said = b"".join(iter(lambda: browser.recv(65536), b""))
    assert said.startswith(b"HTTP/1.1 200")
    assert said.endswith(b"\r\n\r\n")


def test_browsers_that_are_slow_to_ask_hold_no_thread(port: int, pages: Pages, browse: Browse) -> None:
    slow = [browse() for _ in range(10)]
    for browser in slow:
        browser.sendall((HEAD + "Content-Length: 30\r\n\r\ntext=").encode())
    assert ask(port)[0] == 200
    for browser in slow:
        browser.close()


def test_browsers_that_are_slow_to_read_hold_no_thread_and_the_rest_is_closed(
    port: int, pages: Pages, browse: Browse
) -> None:
    pages.answer = (b"x" * 65536 for _ in range(400))
    slow = []
    for _ in range(5):
        browser = browse()
        browser.sendall(b"GET /large HTTP/1.1\r\nHost: x\r\n\r\n")
        slow.append(browser)
        pages.answer = [b"x" * 65536] * 400
    time.sleep(0.3)
    pages.answer = [b"hello"]
    assert ask(port)[1] == b"hello"
    pages.closed.clear()
    for browser in slow:
        browser.close()
    assert pages.closed.wait(10)


def test_a_large_answer_arrives_whole(port: int, pages: Pages) -> None:
    pages.answer = [bytes([number % 256]) * 5000 for number in range(1000)]
    assert ask(port)[1] == b"".join(pages.answer)


def test_a_header_that_pretends_to_be_a_proxys_is_dropped(pages: Pages, browse: Browse) -> None:
    with browse() as browser:
        browser.sendall(b"GET / HTTP/1.1\r\nHost: x\r\nX_Real_Ip: 192.0.2.1\r\nConnection: close\r\n\r\n")
        assert browser.recv(12) == b"HTTP/1.1 200"
    assert not any("REAL" in name for name in pages.asked[0][0])


def test_an_answer_without_end_ends_when_its_browser_has_gone(pages: Pages, browse: Browse) -> None:
    pages.answer = iter(lambda: b"x" * 1000, b"")
    browser = browse()
    browser.sendall(b"GET /everything HTTP/1.1\r\nHost: localhost\r\n\r\n")
    assert browser.recv(1000)
    browser.close()
    assert pages.closed.wait(10)
