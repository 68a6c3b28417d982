"""POP3 with a provider's token instead of a password, at a Dovecot that asks the provider about it."""

from collections.abc import Iterator
from dataclasses import replace
from urllib.parse import urlencode

import httpx
import pytest
from pytest_django import Settings

from postroom.channels.mail.models import NO_TLS, STARTTLS, TLS
from postroom.channels.mail.server_settings import ServerSettings
from postroom.channels.mail.transports.pop_line import PopTrouble, close_line, open_line
from tests.servers.dovecot import Dovecot
from tests.servers.openid import OpenIdProvider

ACCOUNT = "support@velo.example"
BACK = "http://localhost/back"
CLIENT = ("postroom", "secret")


@pytest.fixture(scope="module")
def _both() -> Iterator[tuple[OpenIdProvider, Dovecot]]:
    provider = OpenIdProvider.start()
    server = Dovecot.start(userinfo=f"{provider.issuer}/userinfo")
    yield provider, server
    server.stop()
    provider.stop()


@pytest.fixture
def provider(_both: tuple[OpenIdProvider, Dovecot]) -> OpenIdProvider:
    return _both[0]


@pytest.fixture
def dovecot(_both: tuple[OpenIdProvider, Dovecot], settings: Settings) -> Dovecot:
    settings.POSTROOM_CA_FILE = str(_both[1].authority)
    return _both[1]


def _token(provider: OpenIdProvider) -> str:
    """Return an access token as a person's consent gives it."""
    at = httpx.get(f"{provider.issuer}/.well-known/openid-configuration").json()
    account = f"{provider.issuer}/users/{ACCOUNT}"
    httpx.put(account, json={"email": ACCOUNT}).raise_for_status()
    asked = {"client_id": CLIENT[0], "redirect_uri": BACK, "response_type": "code", "scope": "openid email"}
    back = provider.say_yes(f"{at['authorization_endpoint']}?{urlencode(asked)}", account=ACCOUNT)
    form = {"grant_type": "authorization_code", "code": back["code"], "redirect_uri": BACK}
    answer = httpx.post(at["token_endpoint"], data=form, auth=CLIENT)
    return str(answer.json()["access_token"])


def _server(dovecot: Dovecot, token: str, *, security: str = TLS) -> ServerSettings:
    port = dovecot.pop_tls_port if security == TLS else dovecot.pop_port
    return ServerSettings("localhost", port, security, ACCOUNT, token=token)


@pytest.mark.parametrize("security", [TLS, STARTTLS])
def test_a_token_opens_the_mailbox(provider: OpenIdProvider, dovecot: Dovecot, security: str) -> None:
    line = open_line(_server(dovecot, _token(provider), security=security), seconds=20)
    assert line.stat()[0] == 0
    close_line(line)


def test_a_token_of_another_account_is_refused_with_what_to_do(provider: OpenIdProvider, dovecot: Dovecot) -> None:
    token = _token(provider)
    with pytest.raises(PopTrouble, match="Sign in at the provider again") as refused:
        open_line(replace(_server(dovecot, token), username="bob@velo.example"), seconds=20)
    assert refused.value.refused
    assert token not in str(refused.value)


def test_a_token_that_was_taken_back_opens_nothing(provider: OpenIdProvider, dovecot: Dovecot) -> None:
    token = _token(provider)
    provider.take_back(ACCOUNT)
    with pytest.raises(PopTrouble):  # this Dovecot calls it a trouble of its own
        open_line(_server(dovecot, token), seconds=20)


def test_a_token_is_never_told_in_clear_text(dovecot: Dovecot) -> None:
    with pytest.raises(PopTrouble, match="only told over TLS"):
        open_line(_server(dovecot, "a token", security=NO_TLS), seconds=20)
