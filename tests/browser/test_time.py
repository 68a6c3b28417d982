"""Putting off, sending later, throwing away and thinking again, as a person does them in a real browser."""

from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone
from playwright.sync_api import expect

from postroom.core.accounts.models import Mailbox, User
from postroom.core.conversations.actions.receive import receive
from postroom.core.conversations.actions.snooze import wake_due
from postroom.core.conversations.models import OPEN, SNOOZED, TRASH, Conversation, Message
from postroom.core.conversations.models.message import CANCELLED, OUT
from postroom.lib import clock
from tests.browser.writing_desk import Desk, open_desk
from tests.faces.web.composer.conftest import mail_from
from tests.incoming import incoming
from tests.servers.chromium import NewWindow

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def desk(window: NewWindow, live_server: Any, mailbox: Mailbox, alice: User, bob: User) -> Desk:
    return open_desk(window, live_server, alice, mail_from(mailbox))


def _now() -> Conversation:
    return Conversation.objects.get()


def _undo(desk: Desk) -> None:
    desk.page.locator("#toasts").get_by_role("button", name="Undo").last.click()


def test_a_conversation_is_put_off_and_comes_back(desk: Desk) -> None:
    page = desk.page
    page.locator("#snooze-menu > summary").click()
    page.locator("#snooze-menu").get_by_role("button", name="They answer").click()
    expect(page.locator("#toasts")).to_contain_text("until they answer")
    assert _now().status == SNOOZED
    with page.expect_response(lambda response: response.request.method == "DELETE"):
        _undo(desk)
    assert _now().status == OPEN

    page.goto(desk.address)
    day = f"{timezone.localdate(clock.now() + timedelta(days=3)):%Y-%m-%d}"
    page.locator("#snooze-menu > summary").click()
    page.get_by_label("Stay snoozed even if they answer").check()
    page.get_by_label("Another moment").first.fill(f"{day}T09:30")
    # Enter in the field means the moment in it, not the first one offered.
    page.keyboard.press("Enter")
    expect(page.locator("#toasts")).to_contain_text("09:30")
    now = _now()
    assert (f"{timezone.localtime(now.snoozed_until):%Y-%m-%d %H:%M}", now.wakes_on_answer) == (f"{day} 09:30", False)
    page.goto(desk.address.partition("/conversations")[0] + "/folders/snoozed")
    expect(page.locator("#rows .line")).to_contain_text("09:30")
    page.goto(desk.address)
    expect(page.locator(".chip-snoozed")).to_contain_text("even if they answer")
    with clock.at(clock.now() + timedelta(days=4)):
        assert wake_due()
    page.reload()
    expect(page.locator("#conversation-head")).to_have_attribute("data-status", "open")
    expect(page.locator("#timeline")).to_contain_text("woke this conversation")


def test_a_reply_leaves_later_unless_they_answer_first(desk: Desk, mailbox: Mailbox) -> None:
    page = desk.page
    desk.type("It will be there on Friday.")
    page.keyboard.press("Control+Alt+Enter")
    expect(page.locator("#composer-later .menu-item").first).to_be_focused()
    page.get_by_label("Cancel it if they answer first").check()
    page.locator("#composer-later").get_by_role("button", name="Tomorrow").first.click()
    message = desk.sent()
    shown = page.locator(f"#message-{message.pk}")
    expect(shown).to_contain_text("Leaves tomorrow")
    expect(shown).to_contain_text("unless they answer first")
    shown.get_by_text("Change", exact=True).click()
    shown.get_by_role("button", name="In four weeks").click()
    expect(page.locator("#toasts")).to_contain_text("The reply leaves")
    page.goto(desk.address.partition("/conversations")[0] + "/scheduled")
    expect(page.locator("#scheduled")).to_contain_text("on Friday")
    expect(page.locator("#sidebar a[href='/scheduled'] .count")).to_have_text("1")

    page.goto(desk.address)
    receive(mailbox=mailbox, mail=incoming(text="Never mind.", rfc_id="<2@c.example>"), conversation=_now())
    page.reload()
    line = page.locator(".event", has_text="so it was not sent")
    line.get_by_text("Show it").click()
    line.get_by_role("button", name="Take it into the editor").click()
    expect(desk.paper).to_have_text("It will be there on Friday.")
    assert Message.objects.get(kind=OUT).delivery == CANCELLED


def test_a_reply_is_sent_and_the_conversation_snoozed_in_one_go(desk: Desk) -> None:
    page = desk.page
    desk.type("We ask the maker.")
    page.locator("#composer-later > summary").click()
    page.locator("#composer-later").get_by_role("button", name="Until they answer").click()
    expect(page.locator("#toasts")).to_contain_text("Snoozed. Your reply leaves")
    assert _now().status == SNOOZED
    _undo(desk)
    expect(desk.paper).to_have_text("We ask the maker.")
    assert _now().status == OPEN


def test_what_is_thrown_away_is_restored(desk: Desk) -> None:
    page = desk.page
    page.locator("#more-menu > summary").click()
    page.get_by_role("button", name="Move to the trash").click()
    expect(page.locator("#toasts")).to_contain_text("is in the trash")
    assert _now().status == TRASH
    page.goto(desk.address)
    page.get_by_role("button", name="Restore").click()
    expect(page.locator("#conversation-head")).to_have_attribute("data-status", "open")
    assert _now().status == OPEN


def test_a_note_is_changed_taken_back_and_restored(desk: Desk) -> None:
    page = desk.page
    page.keyboard.press("n")
    page.keyboard.type("Ask Bob.")
    desk.send.click()
    note = desk.sent("note")
    shown = page.locator(f"#message-{note.pk}")
    shown.get_by_label("More about this note").click()
    shown.get_by_role("button", name="Change this note").click()
    expect(shown.locator("[data-paper]")).to_have_text("Ask Bob.")
    page.keyboard.type(" He knows.")
    page.keyboard.press("Control+Enter")
    expect(shown.locator(".message-body")).to_have_text("Ask Bob. He knows.")
    shown.get_by_text("changed", exact=True).click()
    expect(shown.locator(".versions")).to_contain_text("Ask Bob.")
    page.keyboard.press("Escape")
    shown.get_by_label("More about this note").click()
    shown.get_by_role("button", name="Take it back").click()
    expect(page.locator("#timeline")).not_to_contain_text("He knows.")
    page.locator(f"#message-{note.pk}").get_by_role("button", name="Restore").click()
    expect(page.locator(f"#message-{note.pk}")).to_contain_text("He knows.")
    # By keys: the last one of one's own.
    page.keyboard.press("o")
    expect(shown.locator("[data-paper]")).to_have_text("Ask Bob. He knows.")
    page.keyboard.type(" To")
    # What is typed is not fetched away by what is heard of it, nor by the same key.
    heard = {"conversation": note.conversation_id, "message": note.pk}
    for kind in ("note.edited", "note.restored"):
        page.evaluate(
            "(detail) => document.body.dispatchEvent(new CustomEvent('postroom:hint', {detail}))",
            {**heard, "kind": kind},
        )
    page.wait_for_timeout(500)
    page.locator("#thread").focus()
    page.keyboard.press("o")
    page.keyboard.press("Shift+O")
    shown.locator("[data-paper]").click()
    page.keyboard.press("Control+End")
    page.keyboard.type("day.")
    page.keyboard.press("Control+Enter")
    expect(shown.locator(".message-body")).to_have_text("Ask Bob. He knows. Today.")
    page.keyboard.press("Shift+O")
    expect(page.locator("#timeline")).not_to_contain_text("He knows.")
    page.keyboard.press("z")
    expect(shown.locator(".message-body")).to_have_text("Ask Bob. He knows. Today.")
