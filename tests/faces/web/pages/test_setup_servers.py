import json
from typing import Any

import pytest
from django.test import Client
from pytest_django import Settings

from postroom.channels.mail.models import SMTP, Route, Source
from postroom.core.accounts.models import User
from postroom.lib.sealing import unseal
from tests.faces.web.pages.hostile import HOSTILE
from tests.faces.web.pages.team_form import TYPED, send
from tests.servers import dovecot as dovecot_server
from tests.servers import smtp_sink as sink_server
from tests.servers.dovecot import Dovecot
from tests.servers.processes import free_port
from tests.servers.smtp_sink import SmtpSink


def _imap(dovecot: Dovecot, **changes: str) -> dict[str, str]:
    return {
        "incoming-way": "imap",
        "incoming-host": "localhost",
        "incoming-port": str(dovecot.tls_port),
        "incoming-security": "tls",
        "incoming-username": "setup",
        "incoming-password": dovecot_server.PASSWORD,
        **changes,
    }


def _smtp(sink: SmtpSink, **changes: str) -> dict[str, str]:
    return {
        "outgoing-way": "smtp",
        "outgoing-host": "localhost",
        "outgoing-port": str(sink.port),
        "outgoing-security": "starttls",
        "outgoing-username": sink_server.USER,
        "outgoing-password": sink_server.PASSWORD,
        **changes,
    }


def test_a_host_or_a_port_that_is_none_is_refused_before_anything_is_asked(client: Client, token: str) -> None:
    for changes in (
        {"incoming-host": "http://imap.example.org/"},
        {"incoming-host": "imap example"},
        {"incoming-host": "imap.example\r\nx"},
        {"incoming-port": "99999"},
        {"incoming-port": "imap"},
        {"incoming-host": ""},
    ):
        typed = {"incoming-way": "imap", "incoming-host": "imap.example", "incoming-username": "a"}
        answer = send(client, token, **{**typed, "incoming-password": "b", **changes})
        assert answer.status_code == 422, changes
    assert not User.objects.exists()


@pytest.mark.dovecot
def test_good_servers_are_tried_sealed_and_kept(
    client: Client, token: str, dovecot: Dovecot, smtp_sink: SmtpSink, settings: Settings, tmp_path: Any
) -> None:
    trusted = tmp_path / "authorities.pem"
    trusted.write_bytes(dovecot.authority.read_bytes() + smtp_sink.authority.read_bytes())
    settings.POSTROOM_CA_FILE = str(trusted)
    answer = send(client, token, **_imap(dovecot), **_smtp(smtp_sink))
    assert answer.status_code == 302, answer.content.decode()
    source, route = Source.objects.get(), Route.objects.get()
    assert (source.host, source.port, source.folder) == ("localhost", dovecot.tls_port, "INBOX")
    assert (route.kind, route.host, route.port) == (SMTP, "localhost", smtp_sink.port)
    assert dovecot_server.PASSWORD not in source.sealed_password + route.sealed_password
    assert unseal(source.sealed_password, key=settings.POSTROOM_KEY) == dovecot_server.PASSWORD
    assert unseal(route.sealed_password, key=settings.POSTROOM_KEY) == sink_server.PASSWORD
    assert not smtp_sink.received


@pytest.mark.dovecot
@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"incoming-password": "wrong"}, "password"),
        ({"incoming-folder": "No such folder"}, "folder"),
        ({"incoming-host": "127.0.0.2"}, "127.0.0.2"),
        ({"incoming-host": "no-such-host.invalid"}, "no-such-host.invalid"),
    ],
)
def test_a_server_that_does_not_let_us_in_stops_the_set_up_with_its_reason(
    client: Client, token: str, dovecot: Dovecot, settings: Settings, changes: dict[str, str], words: str
) -> None:
    settings.POSTROOM_CA_FILE = str(dovecot.authority)
    answer = send(client, token, **_imap(dovecot, **changes))
    page = answer.content.decode()
    assert answer.status_code == 422
    assert words in page.split('class="notice notice-danger"')[1].split("</div>")[0]
    assert "incoming-anyway" in page
    assert f'value="{changes.get("incoming-password", dovecot_server.PASSWORD)}"' in page
    assert not User.objects.exists()


@pytest.mark.dovecot
def test_an_untrusted_certificate_and_a_wrong_port_are_told_apart(client: Client, token: str, dovecot: Dovecot) -> None:
    untrusted = client.post(f"/setup/{token}/team/incoming-test", {**TYPED, **_imap(dovecot)}).content.decode()
    assert "certificate" in untrusted
    typed = {**TYPED, **_imap(dovecot, **{"incoming-port": str(free_port())})}
    closed = client.post(f"/setup/{token}/team/incoming-test", typed).content.decode()
    assert "port" in closed
    assert "certificate" not in closed


@pytest.mark.dovecot
def test_the_test_button_says_that_it_works(client: Client, token: str, dovecot: Dovecot, settings: Settings) -> None:
    settings.POSTROOM_CA_FILE = str(dovecot.authority)
    answer = client.post(f"/setup/{token}/team/incoming-test", {**TYPED, **_imap(dovecot)}).content.decode()
    assert "notice-good" in answer
    assert "let us in" in answer


def test_the_test_button_of_the_way_out_repeats_the_servers_words(
    client: Client, token: str, smtp_sink: SmtpSink, settings: Settings
) -> None:
    settings.POSTROOM_CA_FILE = str(smtp_sink.authority)
    url = f"/setup/{token}/team/outgoing-test"
    assert "notice-good" in client.post(url, {**TYPED, **_smtp(smtp_sink)}).content.decode()
    wrong = client.post(url, {**TYPED, **_smtp(smtp_sink, **{"outgoing-password": "wrong"})}).content.decode()
    assert "notice-danger" in wrong
    assert "535" in wrong


def test_an_empty_form_can_be_tested_too(client: Client, token: str) -> None:
    for way in ("incoming", "outgoing"):
        answer = client.post(f"/setup/{token}/team/{way}-test", {f"{way}-way": {"incoming": "imap"}.get(way, "smtp")})
        assert answer.status_code == 200
        assert "notice-danger" in answer.content.decode()
    for way in ("lmtp", "later"):
        assert client.post(f"/setup/{token}/team/incoming-test", {"incoming-way": way}).status_code == 200


def test_servers_that_cannot_be_reached_may_be_saved_all_the_same(client: Client, token: str) -> None:
    typed = {
        "incoming-way": "imap",
        "incoming-host": "127.0.0.1",
        "incoming-port": str(free_port()),
        "incoming-username": "support",
        "incoming-password": "later",
        "incoming-anyway": "yes",
    }
    assert send(client, token, **typed).status_code == 302
    assert Source.objects.get().host == "127.0.0.1"


@pytest.mark.parametrize(
    ("address", "host", "port"),
    [
        ("help@gmail.com", "imap.gmail.com", 993),
        ("help@velo.example", "imap.velo.example", 993),
        ("help@outlook.com", "outlook.office365.com", 993),
    ],
)
def test_servers_are_guessed_from_the_address(client: Client, token: str, address: str, host: str, port: int) -> None:
    guess = json.loads(client.get(f"/setup/{token}/guess", {"address": address}).content)
    assert (guess["imap_host"], guess["imap_port"], guess["username"]) == (host, port, address)


@pytest.mark.parametrize("text", HOSTILE.values(), ids=HOSTILE)
def test_guessing_from_anything_is_harmless(client: Client, token: str, text: str) -> None:
    answer = client.get(f"/setup/{token}/guess", {"address": text.encode("utf-8", "replace")})
    assert answer.status_code == 200
