"""The inbox in two people's hands: by keys, live, with the back button, and calm under the pointer."""

import re
from datetime import timedelta

import pytest
from playwright.sync_api import Page, Route, expect

from postroom.core.accounts.models import MANAGING, Mailbox, User
from postroom.core.conversations.actions.trash import trash
from postroom.core.conversations.models import Conversation
from postroom.lib import clock
from tests.browser.conftest import Open, question
from tests.people import put_on
from tests.servers.postroom import Installation, Running

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def conversations(mailbox: Mailbox) -> list[Conversation]:
    return [question(mailbox, number) for number in range(6)]


def _lines(page: Page) -> list[str]:
    return page.locator("#rows .line-subject").all_inner_texts()


def test_a_person_works_through_the_list_by_keys(opened: Open, alice: User) -> None:
    page = opened(alice, "/folders/open")
    page.keyboard.press("j")
    page.keyboard.press("j")
    page.keyboard.press("Enter")
    expect(page.locator("#conversation-subject")).to_contain_text("Question 4")
    page.keyboard.press("m")
    expect(page.locator("#owner-menu > summary")).to_contain_text("Alice")
    page.keyboard.press("t")
    page.keyboard.type("delivery")
    page.keyboard.press("Enter")
    expect(page.locator("#conversation-head .chip-tag")).to_contain_text("delivery")
    page.keyboard.press("Escape")
    page.keyboard.press("e")
    expect(page.locator("#conversation-subject")).to_contain_text("Question 3")
    expect(page.locator("#rows .line")).to_have_count(5)
    page.keyboard.press("z")
    expect(page.locator("#rows .line")).to_have_count(6)
    page.keyboard.press("u")
    expect(page).to_have_url(re.compile("/folders/open$"))
    page.keyboard.press("g")
    page.keyboard.press("m")
    expect(page.locator("#list")).to_have_attribute("data-place", "mine")
    expect(page.locator("#rows .line")).to_have_count(1)


def test_what_is_just_being_done_is_taken_back_too(opened: Open, alice: User) -> None:
    page = opened(alice, "/folders/open")
    page.locator("#rows .line a").first.click()
    expect(page.locator("#conversation-subject")).to_contain_text("Question 5")
    waiting: list[Route] = []
    page.route("**/closure", lambda route: waiting.append(route), times=1)  # noqa: PLW0108  (it is marked)
    page.keyboard.press("e")
    page.wait_for_selector("#conversation-head .htmx-request")
    page.keyboard.press("z")
    with page.expect_response(lambda response: response.request.method == "DELETE"):
        waiting[0].continue_()
    expect(page.locator("#rows .line")).to_have_count(6)
    assert not Conversation.objects.filter(status="closed").exists()


def test_what_is_taken_back_waits_for_nothing_that_the_page_asks_by_itself(opened: Open, alice: User) -> None:
    page = opened(alice, "/folders/open")
    stuck: list[Route] = []
    page.route("**/reading", lambda route: stuck.append(route))  # noqa: PLW0108  (it is marked)
    page.locator("#rows .line a").first.click()
    expect(page.locator("#conversation-subject")).to_contain_text("Question 5")
    page.keyboard.press("e")
    expect(page.locator("#conversation-subject")).to_contain_text("Question 4")
    expect(page.locator("#rows .line")).to_have_count(5)
    with page.expect_response(lambda response: response.request.method == "DELETE"):
        page.locator("[data-undo-toast]").click()
    expect(page.locator("#rows .line")).to_have_count(6)
    assert not Conversation.objects.filter(status="closed").exists()
    assert stuck


def test_a_trash_is_emptied_by_age_and_at_once(
    opened: Open, running: Running, mailbox: Mailbox, conversations: list[Conversation], alice: User
) -> None:
    put_on(mailbox, alice, level=MANAGING)
    for conversation in conversations[:2]:
        trash(conversation, by=alice)
    Conversation.objects.filter(pk=conversations[0].pk).update(trashed_at=clock.now() - timedelta(days=40))
    page = opened(alice, "/folders/trash")
    page.get_by_role("link", name="Empty it …").click()
    expect(page.locator(".roster-row")).to_contain_text("2 conversations")
    page.get_by_label("When the trash of").select_option("30")
    page.get_by_role("button", name="Save").click()
    running.wait_for(lambda: not Conversation.objects.filter(pk=conversations[0].pk).exists(), what="The old one’s end")
    page.reload()
    expect(page.locator(".roster-row")).to_contain_text("1 conversation")
    page.get_by_role("link", name="Empty it now").click()
    page.get_by_role("button", name="Delete for good").click()
    running.wait_for(lambda: Conversation.objects.count() == len(conversations) - 2, what="The other one’s end")
    page.reload()
    expect(page.locator(".roster-row")).to_contain_text("The trash is empty")


def test_single_keys_can_be_switched_off(opened: Open, alice: User) -> None:
    page = opened(alice, "/folders/open")
    page.keyboard.press("?")
    page.locator("[data-single-keys]").uncheck()
    page.keyboard.press("Escape")
    page.reload()
    page.locator("#rows .line a").first.click()
    expect(page.locator("#conversation-subject")).to_contain_text("Question 5")
    page.keyboard.press("e")
    page.keyboard.press("j")
    page.wait_for_timeout(300)
    expect(page.locator("#conversation-subject")).to_contain_text("Question 5")
    expect(page.locator("#conversation-head")).to_have_attribute("data-status", "open")


def test_what_bob_does_is_seen_by_alice(
    opened: Open, alice: User, bob: User, conversations: list[Conversation]
) -> None:
    path = f"/conversations/{conversations[2].pk}?in=open"
    hers, his = opened(alice, path), opened(bob, path)
    his.locator("#priority-menu summary").click()
    his.get_by_role("button", name="Urgent").click()
    expect(hers.locator("#priority-menu > summary")).to_contain_text("Urgent")
    expect(hers.locator("#timeline .event")).to_contain_text("Bob set the priority to urgent")
    his.keyboard.press("n")
    his.keyboard.type("I have called them.")
    his.keyboard.press("Control+Enter")
    expect(hers.locator("#timeline .message-note")).to_contain_text("I have called them.")
    his.locator("#conversation-subject").click()
    his.keyboard.press("e")
    expect(hers.locator("#conversation-head")).to_have_attribute("data-status", "closed")
    expect(hers.locator("#rows .line")).to_have_count(5)
    expect(hers.locator('#sidebar [data-place="closed"] .count')).to_have_text("1")


def test_what_alice_writes_is_not_disturbed(
    opened: Open, alice: User, bob: User, conversations: list[Conversation]
) -> None:
    path = f"/conversations/{conversations[2].pk}?in=open"
    hers, his = opened(alice, path), opened(bob, path)
    hers.keyboard.press("r")
    hers.keyboard.type("Half a sen")
    his.locator("#tag-name").fill("delivery")
    his.keyboard.press("Enter")
    expect(hers.locator("#conversation-head .chip-tag")).to_contain_text("delivery")
    hers.keyboard.type("tence.")
    expect(hers.locator("#composer [contenteditable]")).to_contain_text("Half a sentence.")


def test_the_line_under_the_pointer_does_not_move_when_mail_arrives(
    opened: Open, alice: User, mailbox: Mailbox
) -> None:
    page = opened(alice, "/folders/open")
    line = page.locator("#rows .line", has_text="Question 3")
    line.hover()
    before = line.bounding_box()
    question(mailbox, 6)
    expect(page.locator("#rows .line", has_text="Question 6")).to_be_attached()
    assert line.bounding_box() == before
    page.locator("#conversation").hover()
    expect(page.locator("#rows .line", has_text="Question 6")).to_be_in_viewport()


def test_the_back_button_goes_back_and_forward(opened: Open, alice: User, conversations: list[Conversation]) -> None:
    page = opened(alice, "/folders/open")
    for number in (5, 4):
        page.locator("#rows .line", has_text=f"Question {number}").click()
        expect(page.locator("#conversation-subject")).to_contain_text(f"Question {number}")
    page.go_back()
    expect(page.locator("#conversation-subject")).to_contain_text("Question 5")
    page.go_back()
    expect(page.locator("#conversation")).not_to_have_attribute("data-id", re.compile(r"\d"))
    page.go_forward()
    expect(page.locator("#conversation-subject")).to_contain_text("Question 5")
    expect(page.locator("#rows .line.is-open")).to_contain_text("Question 5")
    expect(page).to_have_title(re.compile("Question 5"))


def test_three_panes_stand_on_a_wide_screen_and_two_on_a_laptop(opened: Open, alice: User) -> None:
    page = opened(alice, "/folders/open")
    page.set_viewport_size({"width": 1500, "height": 900})
    page.locator("#rows .line a").first.click()
    panes = [page.locator(one) for one in ("#list", "#thread", "#panel")]
    for pane in panes:
        expect(pane).to_be_visible()
    page.set_viewport_size({"width": 1366, "height": 768})
    expect(panes[2]).to_be_hidden()
    for pane in panes[:2]:
        expect(pane).to_be_visible()
    # The customer is a press away.
    page.locator("#conversation-head [data-toggle-panel]").click()
    expect(panes[2]).to_be_visible()
    page.keyboard.press("Escape")
    expect(panes[2]).to_be_hidden()
    assert page.evaluate("document.documentElement.scrollWidth") <= 1366


def test_on_a_phone_one_pane_is_shown_at_a_time(opened: Open, alice: User) -> None:
    page = opened(alice, "/folders/open")
    page.set_viewport_size({"width": 390, "height": 844})
    expect(page.locator("#conversation")).to_be_hidden()
    page.locator("#rows .line a").first.click()
    expect(page.locator("#conversation")).to_be_visible()
    expect(page.locator("#list")).to_be_hidden()
    page.locator("[data-back-to-list]").click()
    expect(page.locator("#list")).to_be_visible()
    page.locator("#list [data-open-sidebar]").click()
    page.locator('#sidebar [data-place="closed"]').click()
    expect(page.locator("#list")).to_have_attribute("data-place", "closed")
    expect(page.locator("#sidebar")).to_be_hidden()
    assert page.evaluate("document.documentElement.scrollWidth") <= 390


def test_a_lost_connection_is_made_up_for(
    opened: Open, alice: User, mailbox: Mailbox, running: Running, installation: Installation
) -> None:
    page = opened(alice, "/folders/open")
    page.context.set_offline(True)
    question(mailbox, 6)
    page.context.set_offline(False)
    expect(page.locator("#rows .line", has_text="Question 6")).to_be_attached()
