"""Several people at one conversation: they see each other, nobody answers over another, and no word is lost."""

from collections.abc import Callable

import pytest
from django.conf import settings
from django.test import Client
from playwright.sync_api import Page, expect

from postroom.core.accounts.models import Mailbox, User
from postroom.core.conversations.actions.receive import IncomingMessage, Person, receive
from postroom.core.conversations.models import Conversation, Presence
from tests.servers.chromium import NewWindow
from tests.servers.postroom import Installation, Running

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

Open = Callable[[User, str], Page]


def _write(mailbox: Mailbox, number: int) -> Conversation:
    sender = Person(f"Customer {number}", f"customer{number}@customers.example")
    mail = IncomingMessage(sender=sender, subject=f"Question {number}", text=f"Is number {number} ready?")
    return receive(mailbox=mailbox, mail=mail).conversation


@pytest.fixture
def conversations(mailbox: Mailbox) -> list[Conversation]:
    return [_write(mailbox, number) for number in range(3)]


@pytest.fixture
def running(installation: Installation, conversations: list[Conversation]) -> Running:
    return installation.run()


@pytest.fixture
def opened(running: Running, window: NewWindow) -> Open:
    def open_page(user: User, path: str) -> Page:
        client = Client()
        client.force_login(user)
        page = window()
        cookie = client.cookies[settings.SESSION_COOKIE_NAME].value
        page.context.add_cookies([{"name": settings.SESSION_COOKIE_NAME, "value": cookie, "url": running.url}])
        page.goto(running.url + path)
        return page

    return open_page


def _path(conversation: Conversation) -> str:
    return f"/conversations/{conversation.pk}?in=open"


def _hide(page: Page, *, hidden: bool) -> None:
    """As a browser tells a page that another covers it, or that it is back."""
    page.evaluate(
        "hidden => { Object.defineProperty(document, 'hidden', {configurable: true, get: () => hidden});"
        " document.dispatchEvent(new Event('visibilitychange')); }",
        hidden,
    )


def test_people_see_each_other_come_write_and_go(
    opened: Open, alice: User, bob: User, charlie: User, conversations: list[Conversation]
) -> None:
    hers, theirs = opened(alice, "/folders/open"), opened(charlie, "/folders/open")
    his = opened(bob, _path(conversations[1]))
    line = hers.locator(f"#row-{conversations[1].pk} .here")
    expect(line).to_contain_text("Bob is here")
    his.keyboard.press("r")
    his.keyboard.type("It is")
    expect(line).to_contain_text("Bob is writing")
    expect(line.locator(".pencil")).to_be_visible()
    hers.locator("#rows .line", has_text="Question 1").click()
    expect(hers.locator("#conversation-head .here")).to_contain_text("Bob is writing")
    expect(hers.locator("#here-line")).to_have_text("Bob is writing")
    expect(his.locator("#conversation-head .here")).to_contain_text("Alice is here")
    # Another tab of hers, and the first one goes elsewhere: she is still here.
    second = hers.context.new_page()
    second.goto(hers.url)
    expect(second.locator("#here-line")).to_have_text("Bob is writing")
    hers.locator("#rows .line", has_text="Question 2").click()
    expect(his.locator(f"#row-{conversations[2].pk} .here")).to_contain_text("Alice is here")
    expect(his.locator("#conversation-head .here")).to_contain_text("Alice is here")
    second.close()
    expect(his.locator("#conversation-head .here")).to_have_count(0)
    # What is drawn outlives what is fetched again.
    his.evaluate("window.htmx.trigger('#rows', 'refresh')")
    expect(his.locator(f"#row-{conversations[2].pk} .here")).to_contain_text("Alice is here")
    assert theirs.locator(".here").count() == 0


def test_a_page_that_sleeps_is_gone_and_comes_back_when_it_wakes(
    opened: Open, alice: User, bob: User, conversations: list[Conversation]
) -> None:
    hers, his = opened(alice, "/folders/open"), opened(bob, "/folders/open")
    his.clock.install()
    his.goto(his.url.replace("/folders/open", _path(conversations[1])))
    line = hers.locator(f"#row-{conversations[1].pk} .here")
    expect(line).to_contain_text("Bob is here")
    _hide(his, hidden=True)
    his.clock.run_for(70_000)
    expect(line).to_have_count(0)
    assert not Presence.objects.exists()
    _hide(his, hidden=False)
    expect(line).to_contain_text("Bob is here")
