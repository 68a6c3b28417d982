"""Work changes hands among three people, who see at once whose it is, why, and who covers for whom."""

import pytest
from playwright.sync_api import Page, expect

from postroom.core.accounts.models import Mailbox, User
from postroom.core.conversations.models import Conversation, Message
from postroom.core.conversations.models.message import NOTE
from postroom.lib import clock
from tests.browser.conftest import Open, question
from tests.people import put_on
from tests.servers.postroom import Installation, Running

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def conversation(mailbox: Mailbox, charlie: User) -> Conversation:
    put_on(mailbox, charlie)
    return question(mailbox, 1)


@pytest.fixture
def running(installation: Installation, conversation: Conversation) -> Running:
    return installation.run()


def _owner(page: Page, name: str) -> None:
    expect(page.locator("#owner-menu > summary")).to_contain_text(name)


def test_work_is_taken_given_with_a_note_and_given_back(
    opened: Open, alice: User, bob: User, charlie: User, conversation: Conversation
) -> None:
    path = f"/conversations/{conversation.pk}?in=open"
    hers, his, theirs = (opened(one, path) for one in (alice, bob, charlie))
    hers.keyboard.press("m")
    for page in (hers, his, theirs):
        _owner(page, "Alice")
    hers.keyboard.press("i")
    menu = hers.locator("#owner-menu")
    menu.get_by_label("A note for whoever gets it").fill("She called twice. <b>Today</b>, please.")
    menu.get_by_role("button", name="Bob").click()
    expect(hers.locator("#toasts")).to_contain_text("Given to Bob.")
    for page in (hers, his, theirs):
        _owner(page, "Bob")
        expect(page.locator(".message-note")).to_contain_text("She called twice. <b>Today</b>, please.")
    his.locator("#sidebar a[href='/notifications']").click()
    expect(his.locator("main")).to_contain_text("Alice gave you a conversation")
    # What was said stays said.
    hers.keyboard.press("z")
    for page in (hers, theirs):
        _owner(page, "Alice")
    assert Message.objects.get(kind=NOTE).author == alice


def test_who_is_away_says_who_covers_wherever_an_owner_is_chosen(
    opened: Open, alice: User, bob: User, conversation: Conversation
) -> None:
    his = opened(bob, "/settings/profile")
    form = his.locator("#absence")
    form.get_by_label("First day").fill(clock.now().date().isoformat())
    form.get_by_label("Who covers").select_option(label="Charlie")
    form.get_by_label("A word for colleagues").fill("In the mountains.")
    form.get_by_role("button", name="I am away").click()
    expect(form).to_contain_text("Away · Charlie covers")
    hers = opened(alice, f"/conversations/{conversation.pk}?in=open")
    hers.keyboard.press("i")
    offered = hers.locator("#owner-menu").get_by_role("button", name="Bob")
    expect(offered).to_contain_text("Away · Charlie covers")
    expect(offered.locator(".away")).to_have_attribute("title", "In the mountains.")
    offered.click()
    expect(hers.locator("#toasts")).to_contain_text("Given to Bob, who is away. Charlie covers.")
    _owner(hers, "Away · Charlie covers")
    form.get_by_role("button", name="I am back").click()
    expect(form).to_contain_text("Colleagues see it, and who covers")
    hers.reload()
    expect(hers.locator("#owner-menu > summary .away")).to_have_count(0)
