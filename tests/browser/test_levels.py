"""Somebody who may only read, in a real browser: notes go, nothing else does, and the page says so."""

from typing import Any

import pytest
from playwright.sync_api import Page, expect

from postroom.core.accounts.actions.access import grant
from postroom.core.accounts.models import SEEING, Mailbox, User
from postroom.core.conversations.models import Conversation, Message
from postroom.core.conversations.models.message import NOTE
from tests.browser.writing_desk import open_desk
from tests.faces.web.composer.conftest import mail_from
from tests.servers.chromium import NewWindow

_NEWS = "**/live*"
pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


def test_who_is_let_less_far_in_while_the_page_is_open_is_told_and_writes_notes_only(
    window: NewWindow, live_server: Any, mailbox: Mailbox, alice: User, bob: User
) -> None:
    desk = open_desk(_unheard(window), live_server, bob, mail_from(mailbox))
    expect(desk.composer).to_have_attribute("data-mode", "reply")
    # That it was read changes the page once more; what it shows then it goes on showing.
    desk.page.wait_for_load_state("networkidle")
    grant(mailbox, user=bob, level=SEEING, by=alice)
    desk.page.locator('[data-verb="closure-post"] button').click()
    expect(desk.page.locator("#toasts .toast-danger")).to_contain_text("Nothing was changed")
    desk.type("Yes, of course")
    desk.send.click()
    expect(desk.page.locator("[data-trouble]")).to_contain_text("not answer or change")
    expect(desk.paper).to_have_text("Yes, of course")
    desk.page.unroute(_NEWS)
    desk.page.reload()
    # The draft is still there, on the paper that only the team reads.
    expect(desk.composer).to_have_attribute("data-mode", "note")
    expect(desk.page.locator(".composer-barred")).to_be_visible()
    expect(desk.page.locator('[data-verb="closure-post"] button')).to_be_disabled()
    desk.send.click()
    note = desk.sent(NOTE)
    expect(desk.page.locator(f"#message-{note.pk}")).to_contain_text("Yes, of course")
    # The keys for a reply and for closing do nothing here.
    desk.page.locator("#thread").click()
    desk.page.keyboard.press("r")
    desk.page.keyboard.press("e")
    expect(desk.composer).to_have_attribute("data-folded", "")
    assert Conversation.objects.get().status == "open"
    assert Message.objects.filter(kind="out").count() == 0


def _unheard(window: NewWindow) -> NewWindow:
    """Return what opens windows that hear no news: each shows what it showed until somebody does something in it."""

    def open_window(*, expected: str = "") -> Page:
        page = window(expected=expected)
        page.route(_NEWS, lambda route: route.fulfill(content_type="text/event-stream", body="retry: 900000\n\n"))
        return page

    return open_window
