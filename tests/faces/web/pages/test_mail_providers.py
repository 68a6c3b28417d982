"""Signing a mailbox in at its provider, as its owner does it in the browser, with a real provider and real servers."""

from collections.abc import Callable, Iterator
from datetime import date

import pytest
from django.test import Client
from pytest_django import Settings

from postroom.channels.mail.models import OAuthClient, OAuthGrant, Route, Source
from postroom.channels.mail.transports.access_tokens import access_token
from postroom.core.accounts.models import Mailbox, User
from tests.faces.web.pages.hostile import HOSTILE
from tests.servers import dovecot as dovecot_server
from tests.servers.dovecot import Dovecot
from tests.servers.openid import OpenIdProvider
from tests.servers.smtp_sink import SmtpSink

SignIn = Callable[[User], Client]
PAGES = ("/settings/mail-providers", "/settings/mail-providers/back")


@pytest.fixture(scope="module")
def _oauth_dovecot() -> Iterator[tuple[OpenIdProvider, Dovecot]]:
    provider = OpenIdProvider.start()
    server = Dovecot.start(userinfo=f"{provider.issuer}/userinfo")
    yield provider, server
    server.stop()
    provider.stop()


@pytest.fixture
def provider(_oauth_dovecot: tuple[OpenIdProvider, Dovecot], monkeypatch: pytest.MonkeyPatch) -> OpenIdProvider:
    """A provider whose tokens the Dovecot beside it takes."""
    monkeypatch.setenv("OAUTHLIB_INSECURE_TRANSPORT", "1")
    return _oauth_dovecot[0]


@pytest.fixture
def typed(
    provider: OpenIdProvider, _oauth_dovecot: tuple[OpenIdProvider, Dovecot], smtp_sink: SmtpSink, settings: Settings
) -> dict[str, object]:
    """What the owner types of this provider."""
    smtp_sink.userinfo = f"{provider.issuer}/userinfo"
    settings.POSTROOM_CA_FILE = str(_both(_oauth_dovecot[1], smtp_sink))
    return {
        "kind": "other",
        "name": "Example Mail",
        "issuer": provider.issuer,
        "client_id": "postroom",
        "secret": "a client's secret",
        "secret_expires_on": "2027-03-31",
        "scopes": "openid email",
        "imap_host": "127.0.0.1",
        "imap_port": _oauth_dovecot[1].tls_port,
        "imap_security": "tls",
        "smtp_host": "127.0.0.1",
        "smtp_port": smtp_sink.tls_port,
        "smtp_security": "tls",
    }


def _both(dovecot: Dovecot, sink: SmtpSink) -> str:
    together = dovecot.folder / "authorities.pem"
    together.write_bytes(dovecot.authority.read_bytes() + sink.authority.read_bytes())
    return str(together)


def _leave(client: Client, mailbox: Mailbox, *, username: str = "") -> str:
    """Press the button, and return the address at the provider."""
    chosen = OAuthClient.objects.get()
    address = f"/settings/mailboxes/{mailbox.pk}/sign-in"
    page = client.post(address, {"provider": chosen.pk, "username": username})
    assert page.status_code == 200
    return page.headers["Refresh"].partition("url=")[2]


@pytest.mark.dovecot
def test_a_mailbox_signs_in_at_its_provider_and_needs_no_password(
    provider: OpenIdProvider, typed: dict[str, object], alice: User, mailbox: Mailbox, sign_in: SignIn
) -> None:
    client = sign_in(alice)
    assert client.post("/settings/mail-providers", typed).status_code == 302
    kept = OAuthClient.objects.get()
    assert kept.secret_expires_on == date(2027, 3, 31)
    assert "a client's secret" not in kept.sealed_secret
    brought = provider.say_yes(_leave(client, mailbox), account=mailbox.address)
    page = client.get("/settings/mail-providers/back", brought)
    assert "Mail can be fetched." in page.content.decode()
    assert "Replies can leave." in page.content.decode()
    source, route = Source.objects.get(), Route.objects.get()
    grant = OAuthGrant.objects.get()
    assert source.grant == route.grant == grant
    assert (source.username, source.sealed_password, route.sealed_password) == (mailbox.address, "", "")
    assert provider.knows(access_token(grant))
    # Once more is a new leave, and the old one is forgotten.
    client.get("/settings/mail-providers/back", provider.say_yes(_leave(client, mailbox), account=mailbox.address))
    assert OAuthGrant.objects.get() != grant


@pytest.mark.dovecot
def test_settings_of_a_signed_in_mailbox_change_without_a_password_and_one_ends_the_leave(
    provider: OpenIdProvider, typed: dict[str, object], alice: User, mailbox: Mailbox, sign_in: SignIn
) -> None:
    client = sign_in(alice)
    client.post("/settings/mail-providers", typed)
    client.get("/settings/mail-providers/back", provider.say_yes(_leave(client, mailbox), account=mailbox.address))
    server = {"way": "imap", "host": "127.0.0.1", "port": typed["imap_port"], "security": "tls"}
    form = {f"incoming-{name}": value for name, value in server.items()} | {"incoming-username": mailbox.address}
    address = f"/settings/mailboxes/{mailbox.pk}/incoming"
    assert "Mail can be fetched" in client.post(f"{address}/test", form).content.decode()
    assert client.post(address, form).status_code == 302
    assert Source.objects.get().grant
    typed_anew = form | {"incoming-password": dovecot_server.PASSWORD}
    assert client.post(address, typed_anew).status_code == 302
    assert Source.objects.get().grant is None
    assert Route.objects.get().grant


@pytest.mark.dovecot
def test_another_account_than_the_one_named_is_told_by_the_server(
    provider: OpenIdProvider, typed: dict[str, object], alice: User, mailbox: Mailbox, sign_in: SignIn
) -> None:
    client = sign_in(alice)
    client.post("/settings/mail-providers", typed)
    brought = provider.say_yes(_leave(client, mailbox), account="somebody.else@example.org")
    page = client.get("/settings/mail-providers/back", brought).content.decode()
    assert "Mail can be fetched." not in page
    assert not Source.objects.filter(grant__isnull=False).exists()


@pytest.mark.dovecot
def test_a_no_at_the_provider_changes_nothing(
    provider: OpenIdProvider, typed: dict[str, object], alice: User, mailbox: Mailbox, sign_in: SignIn
) -> None:
    client = sign_in(alice)
    client.post("/settings/mail-providers", typed)
    there = _leave(client, mailbox)
    state = {"state": there.partition("state=")[2].partition("&")[0]}
    page = client.get("/settings/mail-providers/back", provider.say_no(there) | state)
    assert page.status_code == 400
    assert "did not give us leave" in page.content.decode()
    assert not OAuthGrant.objects.exists()


@pytest.mark.dovecot
def test_a_code_counts_once_and_only_in_the_session_that_asked_for_it(
    provider: OpenIdProvider, typed: dict[str, object], alice: User, mailbox: Mailbox, sign_in: SignIn
) -> None:
    client = sign_in(alice)
    client.post("/settings/mail-providers", typed)
    brought = provider.say_yes(_leave(client, mailbox), account=mailbox.address)
    assert sign_in(alice).get("/settings/mail-providers/back", brought).status_code == 400
    assert client.get("/settings/mail-providers/back", brought).status_code == 200
    assert client.get("/settings/mail-providers/back", brought).status_code == 400


@pytest.mark.dovecot
def test_a_provider_in_use_stays_and_an_unused_one_goes(
    provider: OpenIdProvider, typed: dict[str, object], alice: User, mailbox: Mailbox, sign_in: SignIn
) -> None:
    client = sign_in(alice)
    client.post("/settings/mail-providers", typed)
    client.get("/settings/mail-providers/back", provider.say_yes(_leave(client, mailbox), account=mailbox.address))
    removal = f"/settings/mail-providers/{OAuthClient.objects.get().pk}/removal"
    page = client.post(removal)
    assert page.status_code == 422
    assert f"{mailbox.address} still signs in there" in page.content.decode()
    Source.objects.update(active=False)
    Route.objects.update(grant=None)
    assert client.post(removal).status_code == 302
    assert not OAuthClient.objects.exists()


@pytest.mark.dovecot
def test_an_empty_secret_keeps_the_sealed_one(
    typed: dict[str, object], alice: User, mailbox: Mailbox, sign_in: SignIn
) -> None:
    client = sign_in(alice)
    client.post("/settings/mail-providers", typed)
    kept = OAuthClient.objects.get()
    address = f"/settings/mail-providers/{kept.pk}"
    page = client.get(address).content.decode()
    assert "Example Mail" in page
    assert "a client's secret" not in page
    changed = typed | {"secret": "", "issuer": "", "name": "Renamed"}
    assert client.post(address, changed).status_code == 302
    after = OAuthClient.objects.get()
    assert (after.name, after.sealed_secret, after.token_url) == ("Renamed", kept.sealed_secret, kept.token_url)


@pytest.mark.parametrize(
    ("kind", "words"), [("google", "oauth2.googleapis.com"), ("microsoft", "login.microsoftonline.com/example.org/")]
)
def test_the_great_providers_need_no_addresses(kind: str, words: str, alice: User, sign_in: SignIn) -> None:
    typed = {"kind": kind, "client_id": "postroom", "secret": "s", "tenant": "example.org"}
    assert sign_in(alice).post("/settings/mail-providers", typed).status_code == 302
    assert words in OAuthClient.objects.get().token_url


@pytest.mark.parametrize("hostile", HOSTILE)
def test_hostile_forms_get_a_sentence(hostile: str, alice: User, sign_in: SignIn) -> None:
    client = sign_in(alice)
    for kind in ("google", "microsoft", "other", hostile):
        fields = ("client_id", "secret", "tenant", "name", "scopes", "imap_host", "imap_port", "secret_expires_on")
        page = client.post("/settings/mail-providers", {"kind": kind, "issuer": "x"} | dict.fromkeys(fields, hostile))
        assert page.status_code in (302, 422)
    assert client.get("/settings/mail-providers/back", {"state": hostile, "code": hostile}).status_code == 400


@pytest.mark.parametrize("path", PAGES)
def test_providers_are_the_owners(path: str, bob: User, mailbox: Mailbox, sign_in: SignIn) -> None:
    client = sign_in(bob)
    assert client.get(path).status_code == 404
    assert client.post(f"/settings/mailboxes/{mailbox.pk}/sign-in", {"provider": 1}).status_code == 404
    assert Client().get(path).status_code == 302
