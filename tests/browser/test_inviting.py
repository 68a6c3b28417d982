"""Alice invites Dora; Dora reads her mail, chooses a password and answers customers; Alice lets her go again."""

import re

import pytest
from playwright.sync_api import Page, expect
from pytest_django import Settings

from postroom.channels.mail.actions.ways import send_through
from postroom.channels.mail.models import STARTTLS
from postroom.channels.mail.server_settings import ServerSettings
from postroom.channels.mail.transports.letters import letter_next
from postroom.core.accounts.models import Mailbox, User
from postroom.core.conversations.actions.receive import IncomingMessage, receive
from postroom.core.conversations.models import Conversation
from tests.people import ANN, PASSWORD
from tests.servers import smtp_sink as smtp
from tests.servers.chromium import NewWindow
from tests.servers.smtp_sink import SmtpSink

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

NEW_PASSWORD = "nine green bicycles"


@pytest.fixture
def site(live_server: object) -> str:
    """Where the pages are."""
    return str(getattr(live_server, "url", ""))


def _sign_in(page: Page, site: str, user: User) -> None:
    page.goto(f"{site}/sign-in")
    page.get_by_label("Your address").fill(user.email)
    page.get_by_label("Password", exact=True).fill(PASSWORD)
    page.get_by_role("button", name="Sign in", exact=True).click()
    expect(page.locator("#list")).to_be_visible()


def _invite(page: Page, site: str) -> None:
    page.goto(f"{site}/settings/people")
    page.get_by_role("link", name="Invite a colleague").click()
    page.get_by_label("Mail address").fill("dora@team.example")
    page.get_by_label("Name", exact=True).fill("Dora")
    page.get_by_role("button", name="Send the invitation").click()
    expect(page.get_by_role("heading", name="Dora is invited")).to_be_visible()


def _link_of_the_letter(sink: SmtpSink) -> str:
    while letter_next():
        pass
    letter = next(mail for mail in sink.received if "dora@team.example" in mail.recipients)
    found = re.search(r"http://\S+/welcome/\S+", letter.message.get_content())
    assert found
    return found[0]


def _come_in(page: Page, link: str) -> None:
    page.goto(link)
    page.get_by_label("Your name").fill("Dora Keller")
    page.get_by_label("Choose a password").fill("short")
    page.get_by_role("button", name="Come in").click()
    expect(page.locator(".field-mistake")).to_contain_text("too short")
    page.get_by_label("Choose a password").fill(NEW_PASSWORD)
    page.get_by_role("button", name="Come in").dblclick()
    expect(page.locator("#list")).to_contain_text("Order 118")


def test_from_the_invitation_to_the_inbox_and_out_again(
    window: NewWindow, site: str, smtp_sink: SmtpSink, settings: Settings, mailbox: Mailbox, alice: User
) -> None:
    settings.POSTROOM_CA_FILE = str(smtp_sink.authority)
    server = ServerSettings("localhost", smtp_sink.port, STARTTLS, smtp.USER, smtp.PASSWORD)
    send_through(mailbox, server=server, by=alice)
    receive(
        mailbox=mailbox, mail=IncomingMessage(sender=ANN, subject="Order 118", text="Hello", rfc_id="<1@c.example>")
    )
    owner, guest = window(), window()
    _sign_in(owner, site, alice)
    _invite(owner, site)
    link = _link_of_the_letter(smtp_sink)
    _come_in(guest, link)
    guest.get_by_text("Order 118").first.click()
    guest.locator("#owner-menu summary").click()
    guest.get_by_role("button", name="Take it myself").click()
    expect(guest.locator("#owner-menu summary")).to_contain_text("Dora Keller")
    # The link is spent.
    stranger = window()
    stranger.goto(link)
    expect(stranger.get_by_role("heading", name="This invitation was used already")).to_be_visible()

    owner.goto(f"{site}/settings/people")
    owner.get_by_role("link", name="Edit Dora Keller").click()
    owner.get_by_role("link", name="Deactivate…").click()
    expect(owner.get_by_role("heading", name="One conversation is theirs")).to_be_visible()
    owner.get_by_label("Who gets them?").select_option(label="Alice")
    owner.get_by_role("button", name="Deactivate").click()
    expect(owner.get_by_role("button", name="Reactivate")).to_be_visible()
    assert Conversation.objects.get().assignee == alice
    guest.goto(f"{site}/folders/open")
    expect(guest.get_by_role("heading", name="Sign in")).to_be_visible()
