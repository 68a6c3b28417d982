"""Forwards, side threads and first mails: they outlive a reload and a lost connection, leave later, and come back."""

from datetime import timedelta
from typing import Any

import pytest
from playwright.sync_api import FilePayload, Locator, Page, expect

from postroom.core.accounts.models import Mailbox, User
from postroom.core.conversations.actions.sweep import sweep_uploads
from postroom.core.conversations.models import Conversation, Draft, Message
from postroom.core.conversations.models.message import CANCELLED, OUT, QUEUED
from postroom.lib import clock
from tests.browser.writing_desk import Desk, open_desk
from tests.channels.mail.letters import filed, letter
from tests.servers.chromium import NewWindow

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
BILL: FilePayload = {"name": "bill.txt", "mimeType": "text/plain", "buffer": b"40"}


@pytest.fixture
def desk(window: NewWindow, live_server: Any, mailbox: Mailbox, alice: User) -> Desk:
    mail = filed(letter(files=(("broken.jpg", b"photo"), ("order.txt", b"118"))), mailbox=mailbox)
    return open_desk(window, live_server, alice, mail)


def _later(form: Locator, name: str) -> None:
    form.locator(".later-menu > summary").click()
    form.locator(".later-menu").get_by_role("button", name=name).first.click()


def _saved(form: Locator) -> None:
    expect(form.locator("[data-kept]")).to_have_text("Draft saved")


def _undo(page: Page) -> None:
    page.locator("#toasts").get_by_role("button", name="Undo").last.click()


def test_a_first_mail_is_kept_with_its_files_and_leaves_later(
    desk: Desk, window: NewWindow, live_server: Any, alice: User
) -> None:
    page, begin = desk.page, f"{live_server.url}/new-conversation"
    page.goto(begin)
    form = page.locator("post-composer")
    form.locator('[data-field="to"] input').click()
    page.keyboard.type("Eve <eve@customers.example>,")
    form.locator("[data-subject]").fill("Your bicycle")
    form.locator("[data-pick]").set_input_files(BILL)
    form.locator("[data-editor]").click()
    page.keyboard.type("It is ready.")
    _saved(form)
    # The connection is lost: what is typed now is in this browser, and on the server once it is back.
    page.context.set_offline(True)
    page.keyboard.type(" It shines.")
    expect(form.locator("[data-kept]")).to_have_text("Kept in this browser")
    form.locator("[data-send]").click()
    expect(form.locator("[data-trouble]")).to_contain_text("Your draft is safe in this browser")
    page.context.set_offline(False)
    page.reload()
    expect(form.locator("[data-editor]")).to_have_text("It is ready. It shines.")
    expect(form.locator(".composer-file")).to_contain_text("bill.txt")
    _saved(form)
    with clock.at(clock.now() + timedelta(days=30)):
        sweep_uploads()
    # On another computer it goes on, and is the same draft.
    other = open_desk(window, live_server, alice, desk.mail).page
    other.goto(begin)
    theirs = other.locator("post-composer")
    expect(theirs.locator("[data-editor]")).to_have_text("It is ready. It shines.")
    expect(theirs.locator("[data-person]")).to_have_text("Eve")
    expect(theirs.locator("[data-subject]")).to_have_value("Your bicycle")
    _later(theirs, "Tomorrow")
    expect(other.locator("#conversation-subject")).to_contain_text("Your bicycle")
    expect(other.locator(".message-out")).to_contain_text("Leaves tomorrow")
    expect(other.locator("#toasts")).to_contain_text("Your mail leaves tomorrow")
    made = Message.objects.get(kind=OUT)
    assert (made.delivery, made.attachments.get().name, Draft.objects.count()) == (QUEUED, "bill.txt", 0)
    # The first window hears that it was sent, and sends it no second time.
    form.locator("[data-send]").click()
    expect(form.locator("[data-draft-moved]")).to_contain_text("sent or discarded in another window")
    form.get_by_role("button", name="Discard it").click()
    expect(form.locator("[data-editor]")).to_have_text("")
    _undo(other)
    expect(other.locator("#composer [data-editor]")).to_have_text("It is ready. It shines.")
    expect(other.locator("#composer .composer-file")).to_contain_text("bill.txt")
    assert Message.objects.get(kind=OUT).delivery == CANCELLED


def test_what_is_discarded_comes_back(desk: Desk, live_server: Any) -> None:
    page = desk.page
    page.goto(f"{live_server.url}/new-conversation")
    form = page.locator("post-composer")
    form.locator("[data-editor]").click()
    page.keyboard.type("Not so fast.")
    _saved(form)
    form.locator("[data-discard]").click()
    expect(form.locator("[data-editor]")).to_have_text("")
    assert not Draft.objects.exists()
    _undo(page)
    expect(form.locator("[data-editor]")).to_have_text("Not so fast.")
    _saved(form)
    assert Draft.objects.get().mode == "new"


def _forward(page: Page) -> Locator:
    """Begin to forward the last mail to Sam, and return the form."""
    form = page.locator(".beside-entry post-composer")
    page.locator("#thread").focus()
    page.keyboard.press("f")
    expect(form.locator('[data-field="to"] input')).to_be_focused()
    page.keyboard.type("Sam <sam@supplier.example>,")
    form.locator("[data-editor]").click()
    page.keyboard.type("Is this under guarantee?")
    return form


def test_a_forward_is_kept_leaves_later_and_is_taken_back(desk: Desk) -> None:
    page = desk.page
    form = _forward(page)
    form.get_by_role("button", name="Remove order.txt").click()
    form.locator("[data-pick]").set_input_files(BILL)
    _saved(form)
    page.reload()
    # The line above the composer leads back to it.
    page.locator("#drafts summary", has_text="You began to forward a mail").click()
    page.locator("#drafts").get_by_role("button", name="Go on with it").click()
    expect(form.locator("[data-editor]")).to_have_text("Is this under guarantee?")
    expect(form.locator(".composer-file")).to_contain_text(["broken.jpg", "bill.txt"])
    # In a browser that never saw it, too.
    page.evaluate("localStorage.clear()")
    form.locator("[data-editor]").click()
    _later(form, "Tomorrow")
    expect(form).to_have_count(0)
    expect(page.locator("#drafts")).to_be_hidden()
    shown = page.locator(".message-side")
    expect(shown).to_contain_text("Leaves tomorrow")
    shown.get_by_role("button", name="Take it back").click()
    expect(form.locator("[data-editor]")).to_have_text("Is this under guarantee?")
    form.locator("[data-send]").click()
    expect(form).to_have_count(0)
    passed = Message.objects.exclude(delivery=CANCELLED).get(kind=OUT)
    assert {file.name for file in passed.attachments.all()} == {"broken.jpg", "bill.txt"}
    assert not Draft.objects.exists()


def test_an_answer_in_a_side_thread_is_overtaken(desk: Desk, mailbox: Mailbox) -> None:
    page = desk.page
    form = _forward(page)
    form.locator("[data-send]").click()
    expect(form).to_have_count(0)
    passed = Message.objects.get(kind=OUT)
    sam = "Sam <sam@supplier.example>"
    first = filed(
        letter("Yes.", sender=sam, message_id="<1@supplier.example>", In_Reply_To=passed.rfc_id), mailbox=mailbox
    )
    page.reload()
    page.locator(f"#message-{first.pk}").get_by_role("button", name="Answer in the side thread").click()
    expect(form.locator("[data-person]")).to_have_text("Sam")
    form.locator("[data-editor]").click()
    page.keyboard.type("Then send one.")
    form.locator(".later-menu > summary").click()
    form.get_by_label("Cancel it if they answer first").check()
    form.locator(".later-menu").get_by_role("button", name="In four weeks").click()
    expect(page.locator(".message-side", has_text="unless they answer first")).to_be_visible()
    waiting = Message.objects.get(kind=OUT, delivery=QUEUED, cancel_if_answered=True)
    # Ann's mail is none of theirs.
    again = letter("Any news?", message_id="<2@customers.example>", In_Reply_To=desk.mail.rfc_id)
    assert filed(again, mailbox=mailbox).conversation_id == desk.mail.conversation_id
    assert Message.objects.get(pk=waiting.pk).delivery == QUEUED
    more = letter("We send it.", sender=sam, message_id="<3@supplier.example>", In_Reply_To=passed.rfc_id)
    assert filed(more, mailbox=mailbox).side_thread_id == passed.side_thread_id
    assert Message.objects.get(pk=waiting.pk).delivery == CANCELLED
    assert Conversation.objects.count() == 1
    page.reload()
    line = page.locator(".event", has_text="so it was not sent")
    line.get_by_text("Show it").click()
    line.get_by_role("button", name="Take it into the editor").click()
    expect(form.locator("[data-editor]")).to_have_text("Then send one.")
    expect(page.locator("#composer [data-editor]")).to_have_text("")
