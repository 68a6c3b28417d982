"""Passkeys, codes and recovery codes in a real browser, with an authenticator that Chromium plays itself."""

import re

import pytest
from django.conf import settings
from playwright.sync_api import CDPSession, Page, expect

from postroom.core.accounts.models import SecurityPolicy, User
from postroom.core.accounts.policy import EVERYBODY
from postroom.core.accounts.second_factors import second_factors_of
from tests.faces.web.signing_in.codes import code_of
from tests.people import PASSWORD, browser_of
from tests.servers.chromium import NewWindow

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

HOME = "/settings/second-factor"


@pytest.fixture
def site(live_server: object) -> str:
    """Where the pages are. By its name: a passkey belongs to a host name and never to a bare address."""
    return str(getattr(live_server, "url", "")).replace("127.0.0.1", "localhost")


@pytest.fixture
def page(window: NewWindow, site: str, alice: User) -> Page:
    opened = window()
    opened.goto(f"{site}/sign-in")
    return opened


Authenticator = tuple[CDPSession, str]


@pytest.fixture
def authenticator(page: Page) -> Authenticator:
    """A phone's or laptop's own authenticator: it keeps passkeys, and always sees its owner's finger."""
    return _authenticator(page)


def _authenticator(page: Page, **options: object) -> Authenticator:
    chromium = page.context.new_cdp_session(page)
    chromium.send("WebAuthn.enable")
    usual = {
        "protocol": "ctap2",
        "transport": "internal",
        "hasResidentKey": True,
        "hasUserVerification": True,
        "isUserVerified": True,
        "automaticPresenceSimulation": True,
    }
    answer = chromium.send("WebAuthn.addVirtualAuthenticator", {"options": {**usual, **options}})
    return chromium, str(answer["authenticatorId"])


def _type_password(page: Page, user: User) -> None:
    page.get_by_label("Your address").fill(user.email)
    page.get_by_label("Password", exact=True).fill(PASSWORD)
    page.get_by_role("button", name="Sign in", exact=True).click()


def _sign_in(page: Page, site: str, user: User) -> None:
    cookie = browser_of(user).cookies[settings.SESSION_COOKIE_NAME].value
    page.context.add_cookies([{"name": settings.SESSION_COOKIE_NAME, "value": cookie, "url": site}])


def _sign_out(page: Page, site: str) -> None:
    # Nothing of the old page may ask on its way out: its answer would bring a token that the new page's form lacks.
    page.goto("about:blank")
    page.context.clear_cookies()
    page.goto(f"{site}/sign-in")


def _add_passkey(page: Page, site: str, *, name: str) -> None:
    page.goto(site + HOME)
    page.get_by_label("Name optional").fill(name)
    page.get_by_role("button", name="Add a passkey").click()


def _add_app(page: Page) -> str:
    page.get_by_role("link", name="Add an app").click()
    page.get_by_text("The phone cannot see it").click()
    secret = page.locator(".seed").inner_text().replace(" ", "")
    page.get_by_label("Type the six digits").fill(code_of(secret))
    page.get_by_role("button", name="Add the app").click()
    return secret


def test_a_passkey_signs_in_without_an_address_or_a_password(
    page: Page, site: str, authenticator: Authenticator, alice: User
) -> None:
    _sign_in(page, site, alice)
    _add_passkey(page, site, name="My laptop")
    expect(page.get_by_role("heading", name="Your recovery codes")).to_be_visible()
    with page.expect_download() as download:
        page.get_by_role("button", name="Download").click()
    assert len(re.findall(r"^\d{8}$", download.value.path().read_text(), re.MULTILINE)) == 10
    page.get_by_role("link", name="I have kept them").click()
    expect(page.locator("#passkeys")).to_contain_text("My laptop")
    expect(page.locator("#passkeys")).to_contain_text("signs in by itself")

    _sign_out(page, site)
    page.get_by_role("button", name="Sign in with a passkey").click()
    expect(page.locator("#list")).to_be_visible()

    page.goto(site + HOME)
    page.get_by_text("Rename or remove").click()
    page.get_by_role("textbox", name="Name", exact=True).fill("Old laptop")
    page.get_by_role("button", name="Rename", exact=True).click()
    expect(page.locator("#passkeys strong")).to_have_text("Old laptop")
    page.get_by_text("Rename or remove").click()
    page.get_by_role("button", name="Remove this passkey").click()
    expect(page.locator("#passkeys strong")).to_have_count(0)
    assert second_factors_of(alice).count == 0

    # The browser still has it, and it opens nothing any more.
    _sign_out(page, site)
    page.get_by_role("button", name="Sign in with a passkey").click()
    expect(page.get_by_text("This passkey was not recognised here")).to_be_visible()


def test_a_passkey_is_the_second_factor_after_the_password(
    page: Page, site: str, authenticator: Authenticator, alice: User
) -> None:
    _sign_in(page, site, alice)
    _add_passkey(page, site, name="Phone")
    expect(page.get_by_role("heading", name="Your recovery codes")).to_be_visible()
    _sign_out(page, site)
    _type_password(page, alice)
    expect(page.get_by_role("heading", name="One more step")).to_be_visible()
    page.get_by_role("button", name="Use a passkey").click()
    expect(page.locator("#list")).to_be_visible()
    # And it answers when somebody asks again.
    page.goto(f"{site}/sign-in/again?next={HOME}")
    page.get_by_role("button", name="Use a passkey").click()
    expect(page.locator("#passkeys")).to_contain_text("Phone")


def test_an_old_security_key_is_a_second_step_and_no_more(page: Page, site: str, alice: User) -> None:
    _authenticator(page, protocol="u2f", transport="usb", hasResidentKey=False, hasUserVerification=False)
    _sign_in(page, site, alice)
    page.goto(site + HOME)
    page.get_by_label("Sign in with it alone").uncheck()
    page.get_by_role("button", name="Add a passkey").click()
    expect(page.get_by_role("heading", name="Your recovery codes")).to_be_visible()
    page.goto(site + HOME)
    expect(page.locator("#passkeys")).to_contain_text("second step only")
    _sign_out(page, site)
    _type_password(page, alice)
    page.get_by_role("button", name="Use a passkey").click()
    expect(page.locator("#list")).to_be_visible()


def test_a_finger_that_is_not_hers_opens_nothing(
    page: Page, site: str, authenticator: Authenticator, alice: User
) -> None:
    _sign_in(page, site, alice)
    _add_passkey(page, site, name="Phone")
    expect(page.get_by_role("heading", name="Your recovery codes")).to_be_visible()
    _sign_out(page, site)
    chromium, authenticator_id = authenticator
    chromium.send("WebAuthn.setUserVerified", {"authenticatorId": authenticator_id, "isUserVerified": False})
    page.get_by_role("button", name="Sign in with a passkey").click()
    expect(page.get_by_text("No passkey was shown")).to_be_visible()
    page.goto(f"{site}/folders/open")
    expect(page.get_by_role("button", name="Sign in", exact=True)).to_be_visible()


def test_an_app_is_added_and_its_code_asked_for(page: Page, site: str, alice: User) -> None:
    _sign_in(page, site, alice)
    page.goto(site + HOME)
    secret = _add_app(page)
    expect(page.locator("#codes li")).to_have_count(10)
    recovery = page.locator("#codes li").first.inner_text()
    _sign_out(page, site)
    _type_password(page, alice)
    code = page.get_by_label("Code of the app, or a recovery code")
    code.fill("000000")
    page.get_by_role("button", name="Continue").click()
    expect(page.get_by_text("This code is not right")).to_be_visible()
    # The code that added it counts no more; half a minute later the app shows the next one.
    code.fill(code_of(secret, later=30))
    page.get_by_role("button", name="Continue").click()
    expect(page.locator("#list")).to_be_visible()
    _sign_out(page, site)
    _type_password(page, alice)
    code.fill(recovery)
    page.get_by_role("button", name="Continue").click()
    expect(page.get_by_text("9 are left.", exact=False).first).to_be_visible()


def test_whoever_must_have_one_adds_it_and_goes_on(
    page: Page, site: str, authenticator: Authenticator, alice: User
) -> None:
    SecurityPolicy.objects.create(pk=1, second_factor=EVERYBODY, second_factor_by=None)
    _type_password(page, alice)
    expect(page.get_by_role("heading", name="Add a second factor")).to_be_visible()
    expect(page.locator("#sidebar")).to_have_count(0)
    page.get_by_role("button", name="Add a passkey").click()
    expect(page.get_by_role("heading", name="Your recovery codes")).to_be_visible()
    page.goto(f"{site}/folders/open")
    expect(page.locator("#list")).to_be_visible()
