"""What is done all day beside answering, by single keys, and seen by a colleague who has the same open."""

import re

import pytest
from playwright.sync_api import Page, Request, expect

from postroom.core.accounts.models import Mailbox, User
from postroom.core.conversations.actions.change_contact import change_contact
from postroom.core.conversations.actions.keep_view import ViewWish, keep_view
from postroom.core.conversations.actions.receive import IncomingMessage, Person, receive
from postroom.core.conversations.models import Conversation, Message
from postroom.core.conversations.models.message import OUT
from tests.browser.conftest import Open, in_list

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


def _written_to(sent: Message) -> list[str]:
    return [one["email"] for one in (*sent.to, *sent.cc, *sent.bcc)]


def _note(page: Page, words: str) -> None:
    page.keyboard.press("n")
    page.keyboard.type(words)
    page.keyboard.press("Control+Enter")
    expect(page.locator(".message-note").last).to_contain_text(words)


def _toast(page: Page, words: str) -> None:
    expect(page.locator("#toasts")).to_contain_text(words)


def test_another_customer_gets_the_next_reply_and_the_one_before_nothing(
    opened: Open, alice: User, bob: User, conversations: list[Conversation]
) -> None:
    page, beside = opened(alice, in_list(conversations[0])), opened(bob, in_list(conversations[0]))
    page.keyboard.press("b")
    asked = page.locator("#moving-dialog")
    asked.get_by_label("Mail address").fill("eve@customers.example")
    asked.get_by_label("Name, if it is somebody new").fill("Eve")
    asked.get_by_role("button", name="Change the customer").click()
    for window in (page, beside):
        expect(window.locator("#panel .person")).to_contain_text("eve@customers.example")
        expect(window.locator("#timeline")).to_contain_text("customer0@customers.example")
    page.keyboard.press("r")
    page.keyboard.type("Dear Eve")
    expect(page.locator("#composer .composer-head")).to_contain_text("Eve")
    page.keyboard.press("Control+Enter")
    expect(page.locator(".message-out")).to_contain_text("Dear Eve")
    assert _written_to(Message.objects.get(kind=OUT)) == ["eve@customers.example"]


def test_a_reply_that_was_begun_to_the_customer_of_before_does_not_go_to_them(
    opened: Open, alice: User, conversations: list[Conversation]
) -> None:
    page, head = opened(alice, in_list(conversations[0])), "#composer .composer-head"
    page.keyboard.press("r")
    page.keyboard.type("Dear Customer")
    expect(page.locator("[data-kept]")).to_have_text("Draft saved")
    page.locator("#thread").focus()
    page.keyboard.press("b")
    page.locator("#moving-dialog").get_by_label("Mail address").fill("eve@customers.example")
    page.keyboard.press("Enter")
    expect(page.locator(head)).to_contain_text("eve@customers.example")
    page.locator("#composer [data-editor]").click()
    page.keyboard.press("Control+Enter")
    expect(page.locator(".message-out")).to_contain_text("Dear Customer")
    assert _written_to(Message.objects.get(kind=OUT)) == ["eve@customers.example"]
    # A draft that lay in a drawer meanwhile names whom it was written to, and is stopped.
    page.keyboard.press("r")
    page.keyboard.type("Dear Eve")
    expect(page.locator("[data-kept]")).to_have_text("Draft saved")
    page.close()
    change_contact(conversations[0], email="dan@customers.example", by=alice)
    later = opened(alice, in_list(conversations[0]))
    expect(later.locator(head)).to_contain_text("eve@customers.example")
    later.locator("#composer [data-editor]").click()
    later.keyboard.press("Control+Enter")
    panel = later.locator("[data-moved]")
    expect(panel).to_contain_text("changed the customer from eve@customers.example to dan@customers.example")
    panel.get_by_role("button", name="Back to the draft").click()
    expect(later.locator("#composer [data-editor]")).to_have_text("Dear Eve")
    assert Message.objects.filter(kind=OUT).count() == 1


def test_whoever_wrote_last_is_answered_also_where_the_page_was_open(
    opened: Open, alice: User, mailbox: Mailbox, conversations: list[Conversation]
) -> None:
    keep_view(ViewWish("Open", "is:open", for_all=False), by=alice)
    page = opened(alice, in_list(conversations[0]))
    paper = page.locator("#composer [data-editor]")
    expect(paper).to_have_attribute("data-placeholder", "Write a reply to Customer 0")
    asked: list[Request] = []
    page.on("request", lambda request: asked.append(request))  # noqa: PLW0108  (it is marked)
    carl = Person("Carl", "carl@customers.example")
    mail = IncomingMessage(sender=carl, subject="Question 0", text="I am her husband.")
    with page.expect_request(lambda request: "/views/" in request.url):
        receive(mailbox=mailbox, mail=mail, conversation=conversations[0])
    expect(paper).to_have_attribute("data-placeholder", "Write a reply to Carl")
    # Nobody need be there for that: it keeps no session awake.
    expect(page.locator("#timeline")).to_contain_text("I am her husband.")
    pages = [one for one in asked if one.resource_type in ("fetch", "xhr") and "/mail-frames/" not in one.url]
    assert any(one.url.endswith("/recipients") for one in pages)
    assert [one.url for one in pages if "postroom-by-itself" not in one.headers and "/live" not in one.url] == []
    page.keyboard.press("r")
    page.keyboard.type("Dear Carl")
    # Whom somebody is writing to does not change under their hands; the mail is shown before this one leaves.
    again = IncomingMessage(sender=Person("Ann", "customer0@customers.example"), subject="Question 0", text="And me.")
    receive(mailbox=mailbox, mail=again, conversation=conversations[0])
    expect(page.locator("#timeline")).to_contain_text("And me.")
    page.keyboard.press("Control+Enter")
    expect(page.locator("[data-moved]")).to_contain_text("And me.")
    page.locator("[data-moved]").get_by_role("button", name="Send anyway").click()
    expect(page.locator(".message-out")).to_contain_text("Dear Carl")
    assert _written_to(Message.objects.get(kind=OUT)) == ["carl@customers.example"]


def test_what_is_marked_as_unread_is_so_for_its_reader_alone(
    opened: Open, alice: User, bob: User, conversations: list[Conversation]
) -> None:
    page, beside = opened(alice, in_list(conversations[1])), opened(bob, in_list(conversations[1]))
    row = f"#row-{conversations[1].pk}"
    for window in (page, beside):
        expect(window.locator(row)).not_to_have_class(re.compile("is-unread"))
    page.keyboard.press("Shift+U")
    expect(page.locator(row)).to_have_class(re.compile("is-unread"))
    expect(beside.locator(row)).not_to_have_class(re.compile("is-unread"))


def test_spam_leaves_the_list_and_one_key_brings_it_back(
    opened: Open, alice: User, bob: User, conversations: list[Conversation]
) -> None:
    page, beside = opened(alice, in_list(conversations[2])), opened(bob, "/folders/open")
    page.keyboard.press("!")
    # The next one is open; a colleague's list is without it, too.
    expect(page.locator("#conversation-subject")).to_contain_text("Question 1")
    expect(beside.locator("#rows .line")).to_have_count(2)
    page.keyboard.press("z")
    expect(beside.locator("#rows .line")).to_have_count(3)
    beside.locator("#sidebar").get_by_role("link", name="Spam").first.click()
    expect(beside.locator("#rows .line")).to_have_count(0)


def test_who_follows_is_told_until_they_stop(
    opened: Open, alice: User, bob: User, conversations: list[Conversation]
) -> None:
    page, beside = opened(alice, in_list(conversations[0])), opened(bob, in_list(conversations[0]))
    page.keyboard.press("w")
    _toast(page, "You follow")
    # She is elsewhere when he writes.
    page.locator(f"#row-{conversations[1].pk} a").click()
    expect(page.locator("#conversation-subject")).to_contain_text("Question 1")
    _note(beside, "She will call again.")
    news = page.locator("#sidebar a[href='/notifications']")
    expect(news).to_contain_text("1")
    news.click()
    expect(page.locator("#told li")).to_have_count(1)
    page.locator("#told a").click()
    expect(page.locator("#timeline")).to_contain_text("She will call again.")
    page.keyboard.press("w")
    expect(page.locator("#more-menu [data-verb='follow-post']")).to_have_count(1)
    _note(beside, "She did.")
    expect(page.locator("#timeline")).to_contain_text("She did.")
    news.click()
    expect(page.locator("#told li")).to_have_count(1)


def test_tags_and_priority_are_on_every_screen(
    opened: Open, alice: User, bob: User, conversations: list[Conversation]
) -> None:
    page, beside = opened(alice, in_list(conversations[1])), opened(bob, in_list(conversations[1]))
    page.keyboard.press("t")
    page.keyboard.type("warranty")
    page.keyboard.press("Enter")
    expect(page.locator("#conversation-head")).to_contain_text("warranty")
    page.locator("#thread").focus()
    page.keyboard.press("p")
    page.locator("#priority-menu").get_by_role("button", name="Urgent").click()
    for window in (page, beside):
        expect(window.locator("#conversation-head")).to_contain_text("warranty")
        expect(window.locator("#priority-menu > summary")).to_contain_text("Urgent")
        expect(window.locator(f"#row-{conversations[1].pk} .priority")).to_be_visible()
    page.locator("#thread").focus()
    page.keyboard.press("/")
    page.keyboard.type("tag:warranty priority:urgent")
    page.keyboard.press("Enter")
    expect(page.locator("#rows .line")).to_have_count(1)
