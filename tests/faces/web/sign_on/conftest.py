"""What the tests of signing in with a provider share."""

import re
from dataclasses import dataclass, field
from html import unescape
from typing import Any

import httpx
import pytest
from django.test import Client

from postroom.core.accounts.actions.sign_in_providers import save_provider
from postroom.core.accounts.models import SignInProvider, User
from postroom.core.events.actor import SYSTEM
from tests.servers.openid import OpenIdProvider


@dataclass
class Browser:
    """One person's browser, without a session at first."""

    client: Client = field(default_factory=Client)

    def leave(self, provider: SignInProvider, *, page: str = "", **form: str) -> str:
        """Press the provider's button and return where it leads."""
        answer = self.client.post(f"/sign-on/{provider.pk}{page}", form)
        assert answer.status_code == 200, answer.content.decode()
        assert answer["Refresh"].startswith("0; url=")
        return str(answer["Refresh"].removeprefix("0; url="))

    @property
    def user(self) -> User | None:
        """Who is signed in."""
        number = self.client.session.get("_auth_user_id")
        return User.objects.get(pk=number) if number else None


@pytest.fixture
def browser() -> Browser:
    return Browser()


def words(answer: Any) -> str:
    """Return a page's text."""
    return " ".join(unescape(re.sub(r"<[^>]+>", " ", answer.content.decode())).split())


@dataclass
class OpenId:
    """The provider of the tests as it is named here, and as it runs."""

    server: OpenIdProvider
    row: SignInProvider

    def knows(self, subject: str, **claims: object) -> None:
        """Say what it tells of an account."""
        httpx.put(f"{self.server.issuer}/users/{subject}", json=claims).raise_for_status()

    def there_and_back(self, browser: Browser, subject: str, *, page: str = "", **changed: str) -> Any:
        """Sign in at the provider, and bring back what it gave, perhaps changed on the way."""
        given = self.server.say_yes(browser.leave(self.row, page=page), account=subject)
        return browser.client.get(f"/sign-on/{self.row.pk}/back", {**given, **changed})


@pytest.fixture
def acme(openid: OpenIdProvider, db: None) -> OpenId:
    row = SignInProvider(kind="openid", name="Acme", issuer=openid.issuer, client_id="postroom")
    save_provider(row, secret="some secret", by=SYSTEM)
    return OpenId(openid, row)
