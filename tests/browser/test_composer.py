"""The composer in somebody's hands: what is typed, pasted and dropped arrives, once, and nothing typed is ever lost."""

from typing import Any

import pytest
from playwright.sync_api import Dialog, expect

from postroom.core.accounts.models import Mailbox, User
from postroom.core.conversations.actions.receive import Person
from postroom.core.conversations.actions.reply import reply
from postroom.core.conversations.models import Message
from postroom.core.conversations.models.message import CANCELLED, NOTE, OUT
from tests.browser.writing_desk import Desk, open_desk
from tests.faces.web.composer.conftest import PNG, mail_from
from tests.servers.chromium import NewWindow

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def desk(window: NewWindow, live_server: Any, mailbox: Mailbox, alice: User, bob: User) -> Desk:
    return open_desk(window, live_server, alice, mail_from(mailbox))


def test_what_is_typed_and_formatted_is_sent(desk: Desk) -> None:
    desk.type("Take the ")
    desk.page.keyboard.press("Control+b")
    desk.page.keyboard.type("red one")
    desk.page.keyboard.press("Control+b")
    desk.page.keyboard.press("Enter")
    desk.page.locator('[data-format="bullets"]').click()
    desk.page.keyboard.type("cheaper")
    desk.page.keyboard.press("Control+Enter")
    message = desk.sent()
    assert "<b>red one</b>" in message.untrusted_html
    assert message.text == "Take the red one\n\n- cheaper"
    assert message.to == [{"name": "Ann Peeters", "email": "ann@customers.example"}]
    expect(desk.page.locator(f"#message-{message.pk}")).to_contain_text("red one")


def test_a_link_is_made_of_the_selected_words(desk: Desk) -> None:
    desk.type("terms")
    desk.page.keyboard.press("Control+a")
    desk.page.locator("[data-link]").click()
    desk.page.keyboard.type("velo.example/terms")
    desk.page.keyboard.press("Enter")
    desk.send.click()
    assert 'href="https://velo.example/terms"' in desk.sent().untrusted_html


def test_undo_brings_the_text_back(desk: Desk) -> None:
    desk.type("Too early")
    desk.send.click()
    desk.sent()
    desk.page.locator("#toasts").get_by_role("button", name="Undo").click()
    expect(desk.paper).to_have_text("Too early")
    assert Message.objects.get(kind=OUT).delivery == CANCELLED
    desk.page.keyboard.type(" or not")
    desk.send.click()
    assert desk.sent().text == "Too early or not"


def test_a_pasted_image_stands_in_the_text_and_travels(desk: Desk) -> None:
    desk.type("Look: ")
    desk.give("paste", ("shot.png", "image/png", PNG))
    expect(desk.paper.locator("img")).to_have_count(1)
    desk.send.click()
    message = desk.sent()
    assert message.attachments.get().inline
    shown = desk.page.locator(f"#message-{message.pk} .message-text img")
    expect(shown).to_have_attribute("src", f"/attachments/{message.attachments.get().pk}/shot.png")
    expect(shown).to_have_js_property("naturalWidth", 1)


def test_dropped_files_go_along_and_can_be_taken_off(desk: Desk) -> None:
    desk.give("drop", ("terms.txt", "text/plain", b"terms"), ("wrong.txt", "text/plain", b"oops"))
    desk.page.get_by_role("button", name="Remove wrong.txt").click()
    expect(desk.composer.locator(".composer-file")).to_have_count(1)
    desk.type("See the terms.")
    desk.send.click()
    message = desk.sent()
    assert [file.name for file in message.attachments.all()] == ["terms.txt"]
    expect(desk.page.locator(f"#message-{message.pk} .file")).to_contain_text("terms.txt")


def test_a_pasted_file_that_is_no_image_is_attached(desk: Desk) -> None:
    desk.type("Here: ")
    desk.give("paste", ("terms.pdf", "application/pdf", b"%PDF-1.7"))
    expect(desk.composer.locator(".composer-file")).to_contain_text("terms.pdf")
    expect(desk.paper.locator("img")).to_have_count(0)
    desk.send.click()
    assert desk.sent().attachments.get().name == "terms.pdf"


def test_a_note_is_written_on_other_paper_and_never_sent(desk: Desk) -> None:
    card = desk.page.locator(".composer-card")
    white = card.evaluate("element => getComputedStyle(element).backgroundColor")
    desk.page.keyboard.press("n")
    desk.page.keyboard.type("Ask Bob first.")
    expect(desk.composer).to_have_attribute("data-mode", "note")
    expect(desk.send).to_have_text("Add note")
    expect(card).not_to_have_css("background-color", white)
    expect(desk.page.locator("[data-send-and-close]")).to_be_hidden()
    desk.send.click()
    message = desk.sent(NOTE)
    assert (message.text, message.to, message.delivery) == ("Ask Bob first.", [], "")
    expect(desk.composer).to_have_attribute("data-mode", "reply")


def test_a_draft_survives_a_reload(desk: Desk) -> None:
    desk.type("Half a tho")
    desk.give("drop", ("terms.txt", "text/plain", b"terms"))
    expect(desk.composer.locator(".composer-file progress")).to_have_count(0)
    desk.page.reload()
    expect(desk.paper).to_have_text("Half a tho")
    expect(desk.composer.locator(".composer-file")).to_contain_text("terms.txt")
    desk.send.click()
    assert desk.sent().attachments.count() == 1
    desk.page.reload()
    expect(desk.paper).to_have_text("")


def test_without_a_connection_nothing_is_lost(desk: Desk) -> None:
    desk.type("From the train")
    desk.page.context.set_offline(True)
    desk.send.click()
    expect(desk.page.locator("[data-trouble]")).to_contain_text("draft is safe")
    expect(desk.paper).to_have_text("From the train")
    desk.page.context.set_offline(False)
    desk.send.click()
    assert desk.sent().text == "From the train"


def test_an_answer_that_got_lost_does_not_send_twice(desk: Desk) -> None:
    desk.type("Once")
    desk.page.route("**/replies", lambda route: (route.fetch(), route.abort()), times=1)
    desk.send.click()
    expect(desk.page.locator("[data-trouble]")).to_be_visible()
    desk.send.click()
    assert desk.sent().text == "Once"


def test_a_double_click_sends_once(desk: Desk) -> None:
    desk.type("Once")
    desk.send.dblclick()
    assert desk.sent().text == "Once"


def test_a_colleague_who_was_quicker_is_shown_beside_the_draft(desk: Desk, bob: User) -> None:
    desk.type("My answer")
    reply(desk.mail.conversation, by=bob, html="<p>Bob's answer</p>")
    desk.send.click()
    panel = desk.page.locator("[data-moved]")
    expect(panel).to_contain_text("Bob wrote while you were writing.")
    expect(panel).to_contain_text("Bob's answer")
    panel.get_by_role("button", name="Back to the draft").click()
    expect(panel).to_be_hidden()
    expect(desk.paper).to_have_text("My answer")
    assert Message.objects.filter(kind=OUT).count() == 1
    desk.send.click()
    expect(desk.composer).to_have_attribute("data-folded", "")
    assert Message.objects.filter(kind=OUT).count() == 2


def test_what_arrived_before_the_first_key_is_no_reason_to_stop(desk: Desk, bob: User) -> None:
    theirs = reply(desk.mail.conversation, by=bob, html="<p>Bob's answer</p>")
    # As the live stream does.
    desk.page.evaluate(
        "detail => document.body.dispatchEvent(new CustomEvent('postroom:hint', {detail}))",
        {"kind": "reply.queued", "conversation": desk.mail.conversation_id, "message": theirs.pk},
    )
    expect(desk.page.locator(f"#message-{theirs.pk}")).to_be_visible()
    desk.type("And mine")
    desk.send.click()
    expect(desk.composer).to_have_attribute("data-folded", "")
    assert Message.objects.filter(kind=OUT).count() == 2


def test_news_that_came_without_a_connection_is_shown_when_it_is_back(desk: Desk, bob: User) -> None:
    theirs = reply(desk.mail.conversation, by=bob, html="<p>Bob's answer</p>")
    desk.page.context.set_offline(True)
    with desk.page.expect_event("requestfailed", lambda request: "since=" in request.url):
        desk.page.evaluate(
            "detail => document.body.dispatchEvent(new CustomEvent('postroom:hint', {detail}))",
            {"kind": "reply.queued", "conversation": desk.mail.conversation_id, "message": theirs.pk},
        )
    desk.page.context.set_offline(False)
    expect(desk.page.locator(f"#message-{theirs.pk}")).to_be_visible()


def test_reply_all_writes_to_everybody_else_too(
    window: NewWindow, live_server: Any, mailbox: Mailbox, alice: User
) -> None:
    mail = mail_from(mailbox, cc=(Person("Carl", "carl@customers.example"), Person("", mailbox.address)))
    desk = open_desk(window, live_server, alice, mail)
    desk.page.keyboard.press("a")
    desk.page.keyboard.type("Hello both")
    expect(desk.page.locator("[data-summary]")).to_have_text("To Ann PeetersCc Carl")
    desk.send.click()
    message = desk.sent()
    assert [person["email"] for person in message.to + message.cc] == [
        "ann@customers.example",
        "carl@customers.example",
    ]


def test_reply_all_without_others_is_a_reply(desk: Desk) -> None:
    desk.page.keyboard.press("a")
    desk.page.keyboard.type("Hello")
    desk.send.click()
    assert desk.sent().to == [{"name": "Ann Peeters", "email": "ann@customers.example"}]


def test_a_wrong_address_is_marked_before_anything_is_sent(desk: Desk) -> None:
    desk.type("Hello")
    desk.page.locator("[data-fold]").click()
    desk.page.locator("#composer-cc").fill("nobody")
    desk.send.click()
    expect(desk.page.locator("[data-wrong]")).to_contain_text("nobody")
    expect(desk.page.locator("[data-trouble]")).to_contain_text("not a mail address")
    desk.page.get_by_role("button", name="Remove nobody").click()
    desk.send.click()
    assert desk.sent().cc == []


def test_what_mallory_lets_somebody_paste_does_not_run(
    window: NewWindow, live_server: Any, mailbox: Mailbox, alice: User
) -> None:
    # Chromium reports the handler when the text is parsed aside to be cleaned, where nothing runs.
    desk = open_desk(window, live_server, alice, mail_from(mailbox), expected="inline event handler")
    desk.type("Pasted: ")
    desk.give(
        "paste",
        html='<b>bold</b><img src=x onerror="window.pwned=1"><script>window.pwned=1</script>'
        '<img src="https://elsewhere.example/pixel.png"><a href="javascript:window.pwned=1">link</a>',
    )
    expect(desk.paper).to_contain_text("bold")
    desk.send.click()
    html = desk.sent().untrusted_html
    assert not [word for word in ("onerror", "script", "elsewhere") if word in html]
    assert desk.page.evaluate("window.pwned") is None


def test_signing_out_takes_this_persons_drafts_along_and_nobody_elses(
    window: NewWindow, live_server: Any, mailbox: Mailbox, alice: User
) -> None:
    desk = open_desk(window, live_server, alice, mail_from(mailbox, text="Hello"))
    # The server does not get it; what it has is not deleted, and nobody is asked about that.
    desk.page.route("**/draft", lambda route: route.abort())
    desk.type("Half a reply")
    desk.page.wait_for_function("() => Object.keys(localStorage).length === 1")
    desk.page.evaluate("localStorage.setItem('postroom:draft:999:1', '{}')")
    asked: list[str] = []

    def agree(dialog: Dialog) -> None:
        asked.append(dialog.message)
        dialog.accept()

    desk.page.on("dialog", agree)
    desk.page.locator("#me summary").click()
    desk.page.get_by_role("button", name="Sign out").click()
    desk.page.wait_for_url("**/sign-in")
    assert asked == ["A draft that you have not sent is kept in this browser. Signing out deletes it."]
    assert desk.page.evaluate("Object.keys(localStorage)") == ["postroom:draft:999:1"]
