"""Alice passes a mail on to a supplier, hears from them beside the conversation, and Ann sees nothing of it."""

from typing import Any

import pytest
from playwright.sync_api import Route, expect

from postroom.core.accounts.models import Mailbox, User
from postroom.core.conversations.models import Conversation, Mention, Message
from postroom.core.conversations.models.message import CANCELLED, OUT
from tests.browser.writing_desk import Desk, open_desk
from tests.channels.mail.letters import filed, letter
from tests.servers.chromium import NewWindow

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def desk(window: NewWindow, live_server: Any, mailbox: Mailbox, alice: User) -> Desk:
    mail = filed(letter(files=(("broken.jpg", b"photo"), ("order.txt", b"118"))), mailbox=mailbox)
    return open_desk(window, live_server, alice, mail)


def test_a_mail_is_passed_on_and_the_answer_is_answered_in_another_colour(desk: Desk, mailbox: Mailbox) -> None:
    page = desk.page
    page.locator("#thread").focus()
    page.keyboard.press("f")
    form = page.locator(".beside-entry post-composer")
    expect(form).to_contain_text("Ann Peeters does not see this")
    expect(form.locator(".composer-file")).to_have_count(2)
    page.keyboard.type("Sam <sam@supplier.example>,")
    form.get_by_role("button", name="Remove order.txt").click()
    form.locator("[data-editor]").click()
    page.keyboard.type("Is this under guarantee?")
    # What is typed survives a reload.
    page.wait_for_timeout(400)
    page.reload()
    page.locator("#more-menu summary").click()
    page.locator("[data-forward-last]").click()
    expect(form.locator("[data-editor]")).to_have_text("Is this under guarantee?")
    page.keyboard.press("Control+Enter")
    expect(form).to_have_count(0)
    # Taken back, it is in its own form again, and not in the reply to Ann.
    page.locator("#toasts").get_by_role("button", name="Undo").click()
    expect(form.locator("[data-editor]")).to_have_text("Is this under guarantee?")
    expect(page.locator("#composer [data-editor]")).to_have_text("")
    form.locator("[data-send]").click()
    expect(form).to_have_count(0)
    passed = Message.objects.exclude(delivery=CANCELLED).get(kind=OUT)
    assert [file.name for file in passed.attachments.all()] == ["broken.jpg"]
    assert passed.to == [{"name": "Sam", "email": "sam@supplier.example"}]
    answer = letter(
        "Yes, it is.", sender="Sam <sam@supplier.example>", message_id="<1@supplier.example>", In_Reply_To=passed.rfc_id
    )
    back = filed(answer, mailbox=mailbox)
    page.reload()
    shown = page.locator(f"#message-{back.pk}")
    expect(shown).to_contain_text("Side thread")
    colours = [
        page.locator(name).first.evaluate("one => getComputedStyle(one).backgroundColor")
        for name in (f"#message-{back.pk}", f"#message-{desk.mail.pk}")
    ]
    assert colours[0] != colours[1]
    shown.get_by_role("button", name="Answer in the side thread").click()
    expect(form.locator("[data-person]")).to_have_text("Sam")
    form.locator("[data-editor]").click()
    page.keyboard.type("Send a new one.")
    form.locator("[data-send]").click()
    expect(page.locator(".message-side")).to_have_count(3)
    # A reply to Ann goes to Ann alone, and the list still shows her words.
    assert Conversation.objects.get(pk=desk.mail.conversation_id).snippet.startswith("Where is my bicycle?")
    page.locator("#composer [data-editor]").click()
    page.keyboard.type("It is under guarantee.")
    page.locator("#composer [data-send]").click()
    expect(page.locator(".message-out:not(.message-side)")).to_contain_text("under guarantee")
    assert Message.objects.get(kind=OUT, side_thread=None).to[0]["email"] == "ann@customers.example"


def test_nobody_is_offered_for_what_stands_there_no_more(desk: Desk, bob: User) -> None:
    page, names, held = desk.page, desk.page.locator("#mention-list"), list[Route]()
    page.route("**/mentionable", lambda route: held.append(route))  # noqa: PLW0108  (it is marked)
    page.locator("#thread").focus()
    page.keyboard.press("n")
    with page.expect_request("**/mentionable"):
        page.keyboard.type("Ask @bo")
    page.keyboard.type("okkeeping", delay=20)
    for route in reversed(held):
        with page.expect_event("requestfinished", lambda one: one.url.endswith("/mentionable")):
            route.continue_()
    page.evaluate("() => new Promise((done) => setTimeout(done, 100))")
    expect(names).to_have_count(0)
    page.keyboard.type(" and @bo")
    expect(names.get_by_role("option")).to_have_text(["Bob"])


def test_a_colleague_is_named_and_a_conversation_begun_by_us(desk: Desk, bob: User) -> None:
    page = desk.page
    page.locator("#thread").focus()
    page.keyboard.press("n")
    page.keyboard.type("Ask @bo")
    names = page.locator("#mention-list")
    expect(names.get_by_role("option")).to_have_text(["Bob"])
    page.keyboard.press("Enter")
    page.keyboard.type("about it")
    expect(names).to_have_count(0)
    page.keyboard.press("Control+Enter")
    expect(page.locator(".message-note")).to_contain_text("Ask @Bob about it")
    assert [one.user for one in Mention.objects.all()] == [bob]
    page.locator("#thread").focus()
    page.keyboard.press("w")
    expect(page.locator("#toasts")).to_contain_text("You follow")
    page.locator("#thread").focus()
    page.keyboard.press("c")
    form = page.locator("post-composer")
    form.locator('[data-field="to"] input').click()
    page.keyboard.type("Eve <eve@customers.example>,")
    form.locator("[data-subject]").fill("Your bicycle")
    form.locator("[data-editor]").click()
    page.keyboard.type("It is ready.")
    form.locator("[data-pick]").set_input_files({"name": "bill.txt", "mimeType": "text/plain", "buffer": b"40"})
    form.locator("[data-send]").click()
    expect(page.locator("#conversation-subject")).to_contain_text("Your bicycle")
    made = Message.objects.get(kind=OUT)
    assert made.to == [{"name": "Eve", "email": "eve@customers.example"}]
    assert made.attachments.get().name == "bill.txt"
    assert made.conversation.contact.email == "eve@customers.example"
