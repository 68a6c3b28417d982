"""The main job with the keyboard alone: sign in, find the mail, read it, answer, put it away. No pointer is touched."""

from typing import Any

import pytest
from playwright.sync_api import Page, expect

from postroom.core.accounts.models import Mailbox, User
from postroom.core.conversations.models import CLOSED, SNOOZED, Conversation, Message
from postroom.core.conversations.models.message import OUT
from tests.faces.web.composer.conftest import mail_from
from tests.people import PASSWORD
from tests.servers.chromium import NewWindow

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

# More steps than this to one place is a page that nobody can use so.
_PATIENCE = 60


@pytest.fixture
def page(window: NewWindow, live_server: Any, mailbox: Mailbox, alice: User) -> Page:
    """Alice's window, signed in by typing; two customers wait."""
    alice.set_password(PASSWORD)
    alice.save()
    mail_from(mailbox, subject="The first order", text="Where is it?")
    mail_from(mailbox, subject="The second order", text="It came broken.")
    page = window()
    page.goto(f"{live_server.url}/sign-in")
    reach(page, "input[name=email]")
    page.keyboard.type(alice.email)
    reach(page, "input[name=password]")
    page.keyboard.type(PASSWORD)
    page.keyboard.press("Enter")
    expect(page.locator("#rows")).to_be_visible()
    # Somebody who has just arrived looks first; meanwhile the scripts are there.
    page.wait_for_load_state("load")
    return page


def reach(page: Page, selector: str) -> None:
    """Go on by Tab until what is wanted has the focus, and that can be seen."""
    for _ in range(_PATIENCE):
        if page.evaluate("(wanted) => document.activeElement?.matches(wanted)", selector):
            style = page.evaluate(
                "() => { const here = document.activeElement, style = getComputedStyle(here);"
                " return style.outlineStyle !== 'none' || style.boxShadow !== 'none' || here.isContentEditable; }"
            )
            assert style, f"{selector} has the focus, and nothing shows it"
            return
        page.keyboard.press("Tab")
    raise AssertionError(f"{selector} is not reached by {_PATIENCE} steps of Tab")


def test_the_main_job_is_done_by_single_keys(page: Page) -> None:
    page.keyboard.press("g")
    page.keyboard.press("i")
    expect(page.locator("#list h1, #list h2").first).to_contain_text("Everyone")
    page.keyboard.press("j")
    page.keyboard.press("Enter")
    expect(page.locator("#timeline")).to_contain_text("It came broken.")
    page.keyboard.press("r")
    expect(page.locator("[data-editor]")).to_be_focused()
    page.keyboard.type("A new one is on its way.")
    page.keyboard.press("Control+Enter")
    expect(page.locator("#timeline .message-out")).to_contain_text("A new one is on its way.")
    page.keyboard.press("e")
    # The next one is there at once.
    expect(page.locator("#timeline")).to_contain_text("Where is it?")
    page.keyboard.press("Control+k")
    page.keyboard.type("snooze")
    expect(page.get_by_role("option").first).to_be_visible()
    page.keyboard.press("Enter")
    expect(page.locator("#snooze-menu[open], details[open]:has([data-verb^=snooze])").first).to_be_visible()
    page.keyboard.press("Escape")
    assert Message.objects.get(kind=OUT).conversation.subject == "The second order"
    assert Conversation.objects.get(subject="The second order").status == CLOSED
    assert Conversation.objects.get(subject="The first order").status != SNOOZED


def test_the_main_job_is_done_without_single_keys_too(page: Page, alice: User) -> None:
    User.objects.filter(pk=alice.pk).update(single_keys=False)
    page.goto(page.url)
    # Past all the folders at one step.
    page.keyboard.press("Tab")
    expect(page.get_by_role("link", name="Skip to the content")).to_be_focused()
    page.keyboard.press("Enter")
    reach(page, "#rows a.line-link")
    page.keyboard.press("Enter")
    expect(page.locator("#timeline")).to_contain_text("It came broken.")
    reach(page, "[data-editor]")
    page.keyboard.type("A new one is on its way.")
    reach(page, "[data-send]")
    page.keyboard.press("Enter")
    expect(page.locator("#timeline .message-out")).to_contain_text("A new one is on its way.")
    page.keyboard.press("e")
    assert Conversation.objects.get(subject="The second order").status != CLOSED
    page.keyboard.press("F6")
    reach(page, "#conversation-head form[data-verb='closure-post'] button")
    page.keyboard.press("Enter")
    expect(page.locator("#timeline")).to_contain_text("Where is it?")
    assert Conversation.objects.get(subject="The second order").status == CLOSED
