"""Requests that a person or a mail can steer go out into the world, and nowhere into our own network."""

import socket
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from ipaddress import ip_address

import pytest
import requests
from pytest_django import Settings

from postroom.lib import http
from postroom.lib.network.addresses import is_outside
from postroom.lib.network.allowance import allowing, entry_problem, is_allowed
from postroom.lib.network.connecting import Inside, connect
from postroom.lib.network.session import session, went_inside

INSIDE = """
127.0.0.1 127.8.9.1 0.0.0.0 10.1.2.3 172.16.0.1 172.31.255.255 192.168.0.1 169.254.169.254 100.64.0.1 100.100.100.200
168.63.129.16 192.0.0.1 192.0.2.7 198.18.0.1 198.51.100.2 203.0.113.9 224.0.0.1 239.255.255.250 240.0.0.1
255.255.255.255
::1 :: fe80::1 fc00::1 fd00:ec2::254 ff02::1 2001:db8::1 ::ffff:127.0.0.1 ::ffff:10.0.0.1 ::ffff:169.254.169.254
64:ff9b::7f00:1 64:ff9b::a9fe:a9fe 64:ff9b:1::a00:1 2002:7f00:1:: 2002:a00:1::1 ::127.0.0.1 ::10.0.0.1 fec0::1
2001:0:4136:e378:8000:63bf:80ff:fffe
""".split()
OUTSIDE = (
    "1.1.1.1 8.8.8.8 151.101.1.140 172.32.0.1 100.128.0.1 2606:4700:4700::1111 64:ff9b::808:808 2002:808:808::1".split()
)


@pytest.fixture
def nothing_allowed(settings: Settings, db: None) -> None:
    """The installation of somebody who has allowed no host yet."""
    settings.POSTROOM_INSIDE_HOSTS = ()


@pytest.mark.parametrize("address", INSIDE)
def test_an_address_inside_is_known_in_every_disguise(address: str) -> None:
    assert not is_outside(ip_address(address))


@pytest.mark.parametrize("address", OUTSIDE)
def test_an_address_of_the_open_internet_is_outside(address: str) -> None:
    assert is_outside(ip_address(address))


@pytest.mark.parametrize(
    "host",
    ["127.0.0.1", "localhost", "0", "127.1", "0x7f000001", "2130706433", "017700000001", "::1", "::ffff:127.0.0.1"],
)
def test_no_spelling_of_this_machine_gets_through(host: str, nothing_allowed: None) -> None:
    with pytest.raises((Inside, socket.gaierror)):
        connect(host, 25, seconds=1)


def test_a_name_that_points_both_ways_is_called_at_neither(
    monkeypatch: pytest.MonkeyPatch, nothing_allowed: None
) -> None:
    answers = [(socket.AF_INET, socket.SOCK_STREAM, 6, "", (ip, 80)) for ip in ("1.1.1.1", "10.0.0.1")]
    monkeypatch.setattr(socket, "getaddrinfo", lambda *_args, **_options: answers)
    with pytest.raises(Inside, match="inside our own network"):
        connect("both.example", 80, seconds=1)


def test_a_name_is_looked_up_once_and_the_checked_address_is_called(monkeypatch: pytest.MonkeyPatch) -> None:
    asked = []
    with socket.create_server(("127.0.0.1", 0)) as server:
        port = server.getsockname()[1]

        def rebinding(*_args: object, **_options: object) -> list[object]:
            asked.append(1)
            return [(socket.AF_INET, socket.SOCK_STREAM, 6, "", ("127.0.0.1" if len(asked) == 1 else "10.9.9.9", port))]

        monkeypatch.setattr(socket, "getaddrinfo", rebinding)
        with allowing("rebinding.example"), connect("rebinding.example", port, seconds=5) as line:
            assert line.getpeername() == ("127.0.0.1", port)
    assert len(asked) == 1


@pytest.mark.parametrize(
    ("entry", "fits"),
    [
        ("mail.lan", True),
        ("MAIL.lan:993", True),
        ("mail.lan:25", False),
        ("other.lan", False),
        ("10.1.0.0/16", True),
        ("10.1.2.3", True),
        ("10.1.2.3:993", True),
        ("10.2.0.0/16", False),
        ("fd00::/8", False),
        ("an.lan", False),
    ],
)
def test_the_owner_allows_a_name_an_address_or_a_network(entry: str, fits: bool, nothing_allowed: None) -> None:
    assert entry_problem(entry) == ""
    with allowing(entry):
        assert is_allowed("mail.lan", 993, ip_address("10.1.2.3")) is fits


class _Answers(BaseHTTPRequestHandler):
    def do_GET(self) -> None:
        if self.path.startswith("/to/"):
            self.send_response(302)
            self.send_header("Location", self.path.removeprefix("/to/"))
            self.end_headers()
            return
        self.send_response(200)
        self.end_headers()
        size = 2_000_000 if self.path == "/large" else 2
        self.wfile.write(b"{}" if size == 2 else b"x" * size)

    def log_message(self, *_args: object) -> None:
        pass


@pytest.fixture
def server() -> Iterator[int]:
    """A web server on this machine; its port."""
    running = ThreadingHTTPServer(("127.0.0.1", 0), _Answers)
    threading.Thread(target=running.serve_forever, daemon=True).start()
    yield running.server_port
    running.shutdown()
    running.server_close()


def test_a_redirect_into_our_own_network_is_not_followed(server: int, nothing_allowed: None) -> None:
    with allowing("localhost"), session() as client:
        assert client.get(f"http://localhost:{server}/").status_code == 200
        with pytest.raises(requests.ConnectionError) as refused:
            client.get(f"http://localhost:{server}/to/http://127.0.0.1:{server}/")
    inside = went_inside(refused.value)
    assert inside is not None
    assert inside.host == "127.0.0.1"


def test_a_redirect_to_another_scheme_is_not_followed(server: int) -> None:
    with session() as client, pytest.raises(requests.RequestException):
        client.get(f"http://127.0.0.1:{server}/to/file:///etc/passwd")


def test_a_question_is_refused_in_a_sentence_when_its_host_is_inside(server: int, nothing_allowed: None) -> None:
    with pytest.raises(http.Unreachable, match=r"127\.0\.0\.1 is a machine inside our own network"):
        http.get_json(f"http://127.0.0.1:{server}/")


def test_an_answer_without_end_is_not_read_to_its_end(server: int) -> None:
    with allowing("127.0.0.1"), pytest.raises(http.Unreachable, match="larger than 1 MB"):
        http.get_json(f"http://127.0.0.1:{server}/large")


def test_no_proxy_of_the_environment_sees_what_is_asked(server: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("http_proxy", "http://127.0.0.1:9")
    with allowing("127.0.0.1"), session() as client:
        assert client.get(f"http://127.0.0.1:{server}/").status_code == 200
