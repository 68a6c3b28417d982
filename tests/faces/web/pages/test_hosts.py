"""A server inside our own network is talked to when an owner says so, and not before."""

import threading
from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest
from django.test import Client
from pytest_django import Settings

from postroom.channels.mail.models import Source
from postroom.core.accounts.actions.hosts import allow_host
from postroom.core.accounts.models import MANAGING, Grant, Mailbox, SecurityPolicy, User
from postroom.core.accounts.policy import policy
from postroom.core.audit.models import AuditEntry
from postroom.faces.web import remote_images
from tests.faces.web.composer.conftest import PNG
from tests.faces.web.pages.team_form import TYPED
from tests.servers.dovecot import PASSWORD, Dovecot

SignIn = Callable[[User], Client]


@pytest.fixture
def nothing_allowed(settings: Settings, db: None) -> None:
    """The installation of somebody who has allowed no host yet."""
    settings.POSTROOM_INSIDE_HOSTS = ()


def _incoming(dovecot: Dovecot, **more: str) -> dict[str, str]:
    typed = {
        "way": "imap",
        "protocol": "imap",
        "host": "localhost",
        "port": str(dovecot.tls_port),
        "security": "tls",
        "username": "hosts",
        "password": PASSWORD,
        "folder": "INBOX",
    }
    return {f"incoming-{name}": value for name, value in (typed | more).items()}


@pytest.mark.dovecot
def test_a_server_inside_is_asked_about_once_and_remembered(
    alice: User, mailbox: Mailbox, sign_in: SignIn, dovecot: Dovecot, nothing_allowed: None, settings: Settings
) -> None:
    settings.POSTROOM_CA_FILE = str(dovecot.authority)
    browser = sign_in(alice)
    address = f"/settings/mailboxes/{mailbox.pk}/incoming"
    typed = _incoming(dovecot)
    refused = browser.post(address, typed)
    assert refused.status_code == 422
    assert "is inside your own network" in refused.content.decode()
    assert "Yes, allow it" in refused.content.decode()
    assert not Source.objects.exists()
    assert browser.post(address, typed | {"incoming-inside": "on"}).status_code == 302
    assert policy().allowed_hosts == [f"localhost:{dovecot.tls_port}"]
    assert AuditEntry.objects.get(action="security.hosts").actor_id == alice.pk
    assert browser.post(address, typed).status_code == 302


def test_somebody_who_only_manages_a_mailbox_cannot_open_the_way_inside(
    bob: User, mailbox: Mailbox, sign_in: SignIn, nothing_allowed: None
) -> None:
    Grant.objects.filter(user=bob).update(level=MANAGING)
    bob.membership_set.update(level=MANAGING)
    typed = {
        "incoming-way": "imap",
        "incoming-protocol": "imap",
        "incoming-host": "127.0.0.1",
        "incoming-port": "1",
        "incoming-security": "tls",
        "incoming-username": "x",
        "incoming-password": "y",
        "incoming-inside": "on",
        "incoming-anyway": "yes",
    }
    answer = sign_in(bob).post(f"/settings/mailboxes/{mailbox.pk}/incoming", typed)
    assert answer.status_code == 422
    assert "An owner has to allow it first" in answer.content.decode()
    assert not Source.objects.exists()
    assert policy().allowed_hosts == []


@pytest.mark.dovecot
def test_the_first_owner_allows_the_server_while_setting_up(
    client: Client, token: str, dovecot: Dovecot, nothing_allowed: None, settings: Settings
) -> None:
    settings.POSTROOM_CA_FILE = str(dovecot.authority)
    typed = TYPED | _incoming(dovecot)
    tried = client.post(f"/setup/{token}/team/incoming-test", typed).content.decode()
    assert "Is it really your mail server?" in tried
    assert 'name="incoming-inside"' in tried
    tried = client.post(f"/setup/{token}/team/incoming-test", typed | {"incoming-inside": "on"}).content.decode()
    assert "let us in" in tried
    assert 'name="incoming-inside" checked' in tried
    assert policy().allowed_hosts == []
    client.post(f"/setup/{token}/team", typed | {"incoming-inside": "on"})
    assert policy().allowed_hosts == [f"localhost:{dovecot.tls_port}"]


def test_hosts_are_allowed_and_removed_on_their_page(alice: User, sign_in: SignIn) -> None:
    browser = sign_in(alice)
    assert browser.post("/settings/security/hosts", {"host": " Mail.lan:993 "}).status_code == 302
    assert browser.post("/settings/security/hosts", {"host": "mail.lan:993"}).status_code == 302
    assert "mail.lan:993" in browser.get("/settings/security/hosts").content.decode()
    refused = browser.post("/settings/security/hosts", {"host": "<script>"})
    assert refused.status_code == 422
    assert "This is no host" in refused.content.decode()
    for _twice in range(2):
        browser.post("/settings/security/hosts/removal", {"host": "mail.lan:993"})
    assert SecurityPolicy.objects.get().allowed_hosts == []
    assert AuditEntry.objects.filter(action="security.hosts").count() == 2


class _Images(BaseHTTPRequestHandler):
    seen: list[dict[str, str]] = []

    def do_GET(self) -> None:
        self.seen.append({name.lower(): value for name, value in self.headers.items()})
        self.send_response(200)
        self.send_header("Content-Type", "image/png")
        self.end_headers()
        self.wfile.write(PNG if self.path == "/a.png" else b"<svg onload=alert(1)>")

    def log_message(self, *_args: object) -> None:
        pass


@pytest.fixture
def elsewhere() -> Iterator[str]:
    """A web server whose images mails show; its address."""
    _Images.seen.clear()
    running = ThreadingHTTPServer(("127.0.0.1", 0), _Images)
    threading.Thread(target=running.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{running.server_port}"
    running.shutdown()
    running.server_close()


def test_a_remote_image_comes_through_us_and_tells_nothing_of_its_reader(
    client: Client, elsewhere: str, db: None
) -> None:
    answer = client.get(
        remote_images.address(f"{elsewhere}/a.png"),
        headers={"Referer": "http://testserver/conversations/1", "Cookie": "a=b", "User-Agent": "Reader"},
    )
    assert (answer.status_code, answer.content, answer.headers["Content-Type"]) == (200, PNG, "image/png")
    assert answer.headers["Cross-Origin-Resource-Policy"] == "cross-origin"
    (told,) = _Images.seen
    assert not {"referer", "cookie", "x-forwarded-for"} & told.keys()
    assert "Reader" not in told["user-agent"]


def test_what_calls_itself_an_image_and_is_none_is_not_served(client: Client, elsewhere: str, db: None) -> None:
    assert client.get(remote_images.address(f"{elsewhere}/evil.svg")).status_code == 404


def test_an_image_inside_our_own_network_is_not_fetched(client: Client, elsewhere: str, nothing_allowed: None) -> None:
    assert client.get(remote_images.address(f"{elsewhere}/a.png")).status_code == 404
    assert _Images.seen == []
    allow_host("127.0.0.1", by=User.objects.create(email="o@example.org", name="O"))
    assert client.get(remote_images.address(f"{elsewhere}/a.png")).status_code == 200


def test_nobody_but_we_make_an_address_that_fetches(client: Client, elsewhere: str, db: None) -> None:
    good = remote_images.address(f"{elsewhere}/a.png")
    for wrong in (good[:-3] + "abc", "/remote-images/x", "/remote-images/1.2:3", good.replace(".", ".A", 1)):
        assert client.get(wrong).status_code == 404, wrong
    assert _Images.seen == []
    assert remote_images.address("https://example.org/" + "a" * 5000) == ""
