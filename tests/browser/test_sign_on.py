"""Signing in with somebody else's word, in a real browser that is led there and back."""

from typing import Any
from urllib.parse import urlsplit

import httpx
import pytest
from django.test import Client
from playwright.sync_api import expect

from postroom.core.accounts.actions.sign_in_providers import save_provider
from postroom.core.accounts.models import SignInProvider, User
from postroom.core.audit.models import AuditEntry
from postroom.core.events.actor import SYSTEM
from postroom.faces.web.sign_on import saml_metadata
from tests.servers.chromium import NewWindow
from tests.servers.openid import OpenIdProvider
from tests.servers.saml import IdentityProvider

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


def test_bob_signs_in_with_an_openid_provider(
    window: NewWindow, live_server: Any, openid: OpenIdProvider, bob: User
) -> None:
    row = SignInProvider(kind="openid", name="Acme", issuer=openid.issuer, client_id="postroom")
    save_provider(row, secret="some secret", by=SYSTEM)
    httpx.put(f"{openid.issuer}/users/bob-there", json={"email": bob.email, "email_verified": True})
    page = window()
    page.goto(f"{live_server.url}/settings/profile")
    page.get_by_role("button", name="Sign in with Acme").click()
    page.wait_for_url(f"{openid.issuer}/**")
    page.locator("input[name=sub]").fill("bob-there")
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name="My profile")).to_be_visible()
    assert urlsplit(page.url).path == "/settings/profile"
    assert AuditEntry.objects.get(action="sign_in.done").after == {"how": "oidc:Acme"}


@pytest.mark.xmlsec1
@pytest.mark.parametrize("site", ["localhost", "127.0.0.1"])
def test_bob_signs_in_with_a_saml_provider_of_the_same_and_of_another_site(
    window: NewWindow, live_server: Any, identity_provider: IdentityProvider, bob: User, site: str
) -> None:
    metadata = saml_metadata.fetched(identity_provider.metadata)
    issuer = saml_metadata.provider_in(metadata)["entityId"]
    row = SignInProvider(kind="saml", name="Acme", metadata=metadata, issuer=issuer, trusts_addresses=True)
    save_provider(row, by=SYSTEM)
    # The provider is at localhost. From another site our cookie does not come along with its answer, and by these two
    # names the same machine is two.
    here = f"http://{site}:{urlsplit(live_server.url).port}"
    ours = Client(headers={"Host": urlsplit(here).netloc}).get(f"/sign-on/{row.pk}/metadata")
    identity_provider.meet(ours.content.decode())
    page = window()
    page.goto(f"{here}/settings/profile")
    page.get_by_role("button", name="Sign in with Acme").click()
    page.wait_for_url(f"{identity_provider.home}/**")
    page.locator("input[name=account]").fill("bob")
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name="My profile")).to_be_visible()
    assert AuditEntry.objects.get(action="sign_in.done").after == {"how": "saml:Acme"}
