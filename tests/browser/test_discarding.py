"""A draft is discarded by its button or its key, and comes back; nothing of others goes without a word."""

from typing import Any

import pytest
from playwright.sync_api import Page, Route, expect

from postroom.core.accounts.models import Mailbox, User
from postroom.core.conversations.actions.share_draft import comment
from postroom.core.conversations.models import TRASH, Conversation, Draft, Message
from postroom.core.conversations.models.message import NOTE
from tests.browser.writing_desk import Desk, open_desk
from tests.channels.mail.letters import filed, letter
from tests.servers.chromium import NewWindow

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def desk(window: NewWindow, live_server: Any, mailbox: Mailbox, alice: User) -> Desk:
    return open_desk(window, live_server, alice, filed(letter(), mailbox=mailbox), expected="409|ERR_INTERNET")


def _saved(desk: Desk) -> None:
    expect(desk.page.locator("[data-kept]")).to_have_text("Draft saved")


def _undo(page: Page) -> None:
    page.locator("#toasts").get_by_role("button", name="Undo").last.click()


def test_a_draft_is_discarded_and_comes_back_as_it_was(desk: Desk) -> None:
    button = desk.composer.get_by_role("button", name="Discard the draft")
    # Of nothing it folds, and whoever writes then sees it unfolded.
    desk.paper.click()
    desk.page.keyboard.press("Control+Shift+D")
    expect(desk.composer).to_have_attribute("data-folded", "")
    desk.paper.click()
    expect(desk.composer).not_to_have_attribute("data-folded", "")
    desk.page.keyboard.press("Escape")
    desk.page.keyboard.press("n")
    expect(button).to_be_hidden()
    desk.page.keyboard.type("Ask Bob first.")
    desk.give("drop", ("terms.txt", "text/plain", b"terms"))
    _saved(desk)
    button.click()
    expect(desk.page.locator("#toasts")).to_contain_text("Your draft is discarded.")
    expect(desk.composer).to_have_attribute("data-folded", "")
    expect(desk.paper).to_have_text("")
    assert not Draft.objects.exists()
    _undo(desk.page)
    expect(desk.paper).to_have_text("Ask Bob first.")
    expect(desk.composer).to_have_attribute("data-mode", "note")
    expect(desk.composer.locator(".composer-file")).to_contain_text("terms.txt")
    # By the key, and taken back from wherever one has gone.
    _saved(desk)
    desk.paper.click()
    desk.page.keyboard.press("Control+Shift+D")
    expect(desk.paper).to_have_text("")
    desk.page.locator("#sidebar").get_by_role("link", name="Closed").click()
    desk.page.keyboard.press("z")
    expect(desk.paper).to_have_text("Ask Bob first.")
    desk.send.click()
    assert desk.sent(NOTE).text == "Ask Bob first."


def test_without_a_connection_it_stays(desk: Desk) -> None:
    desk.type("From the train")
    _saved(desk)
    desk.page.context.set_offline(True)
    desk.page.keyboard.press("Control+Shift+D")
    expect(desk.page.locator("[data-trouble]")).to_contain_text("Your draft is safe")
    expect(desk.paper).to_have_text("From the train")
    desk.page.context.set_offline(False)
    with desk.page.expect_response("**/draft"):
        desk.page.keyboard.type(", home")
    assert "home" in Draft.objects.get().untrusted_html
    desk.page.keyboard.press("Control+Shift+D")
    expect(desk.paper).to_have_text("")
    assert not Draft.objects.exists()


def test_what_colleagues_said_of_it_goes_only_when_that_is_meant(desk: Desk, bob: User) -> None:
    desk.type("Dear Ann")
    desk.composer.locator("[data-share]").click()
    expect(desk.composer.locator("[data-share]")).to_have_attribute("aria-pressed", "true")
    comment(Draft.objects.get(), by=bob, text="Too short.")
    desk.paper.click()
    desk.page.keyboard.press("Control+Shift+D")
    panel = desk.page.locator("[data-draft-moved]")
    expect(panel).to_contain_text("Colleagues commented on this draft.")
    expect(panel).to_contain_text("Too short.")
    panel.get_by_role("button", name="Back to the draft").click()
    expect(desk.paper).to_have_text("Dear Ann")
    # A shared draft that is emptied is still there to be discarded.
    desk.page.keyboard.press("Control+A")
    desk.page.keyboard.press("Delete")
    desk.composer.get_by_role("button", name="Discard the draft").click()
    panel.get_by_role("button", name="Discard it").click()
    expect(desk.composer).to_have_attribute("data-folded", "")
    expect(desk.composer.locator("[data-share]")).to_have_attribute("aria-pressed", "false")
    assert not Draft.objects.exists()


def test_a_first_mail_that_was_taken_back_is_thrown_away_whole(desk: Desk, live_server: Any) -> None:
    page, form = desk.page, desk.composer
    page.goto(f"{live_server.url}/new-conversation")
    form.locator('[data-field="to"] input').click()
    page.keyboard.type("Eve <eve@customers.example>,")
    form.locator("[data-subject]").fill("Your bicycle")
    form.locator("[data-editor]").click()
    page.keyboard.type("It is ready.")
    desk.send.click()
    expect(page.locator("#conversation-subject")).to_contain_text("Your bicycle")
    begun = Conversation.objects.get(subject="Your bicycle")
    _undo(page)
    expect(desk.paper).to_have_text("It is ready.")
    _saved(desk)
    form.get_by_role("button", name="Discard the draft").click()
    expect(page.locator("#toasts")).to_contain_text("Its conversation was empty, and is in the trash.")
    begun.refresh_from_db()
    assert begun.status == TRASH
    _undo(page)
    expect(page.locator("#conversation-subject")).to_contain_text("Your bicycle")
    expect(desk.paper).to_have_text("It is ready.")
    begun.refresh_from_db()
    assert begun.status == "open"
    assert Message.objects.get(kind="out").conversation_id == begun.pk


def test_a_second_press_while_the_first_is_on_its_way_does_nothing(desk: Desk) -> None:
    held: list[Route] = []
    desk.type("Once")
    _saved(desk)
    desk.page.route(
        "**/drafts/*", lambda route: held.append(route) if route.request.method == "DELETE" else route.continue_()
    )
    desk.page.keyboard.press("Control+Shift+D")
    desk.page.keyboard.press("Control+Shift+D")
    desk.page.wait_for_timeout(100)
    assert len(held) == 1
    held[0].continue_()
    expect(desk.paper).to_have_text("")
    expect(desk.page.locator("#toasts .toast")).to_have_count(1)
