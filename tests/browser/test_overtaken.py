"""Answers that come late, or in another order than they were asked for."""

import re
from collections.abc import Callable
from contextlib import suppress

import pytest
from playwright.sync_api import Error, Page, Route, expect

from postroom.core.accounts.models import Mailbox, User
from postroom.core.conversations.actions.receive import IncomingMessage, Person, receive
from postroom.core.conversations.models import Conversation
from tests.browser.conftest import Open, question

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def conversations(mailbox: Mailbox) -> list[Conversation]:
    return [question(mailbox, number) for number in range(8)]


def _wait(page: Page, held: list[Route], *, until: int = 1) -> None:
    for _look in range(500):
        if len(held) >= until:
            return
        page.wait_for_timeout(30)
    raise AssertionError("Nobody asked for it.")


class _Held:
    """Answers to whoever goes to a conversation, held back until they are let go; nothing comes ahead."""

    def __init__(self, page: Page, conversation: Conversation) -> None:
        self._routes: list[Route] = []
        page.route(f"**/conversations/{conversation.pk}?in=open", self._hold)
        self._page = page

    def _hold(self, route: Route) -> None:
        if "postroom-ahead" in route.request.headers:
            route.abort()
        else:
            self._routes.append(route)

    def wait(self) -> None:
        """Return once somebody waits."""
        _wait(self._page, self._routes)

    def let_go(self) -> None:
        """Ask the server now; what the page has broken off has nobody to answer."""
        with suppress(Error):
            self._routes.pop(0).continue_()

    def drawn(self) -> Callable[[], None]:
        """Let the server draw it now; what is returned answers with that."""
        route = self._routes.pop(0)
        answer = route.fetch()
        return lambda: route.fulfill(response=answer)


def _click(page: Page, conversation: Conversation) -> None:
    page.locator(f"#rows .line[data-id='{conversation.pk}'] a").click()


@pytest.mark.parametrize("order", [(0, 1), (1, 0)])
def test_of_two_conversations_the_one_that_was_clicked_last_is_shown(
    opened: Open, conversations: list[Conversation], alice: User, order: tuple[int, int]
) -> None:
    page = opened(alice, "/folders/open")
    wanted = [conversations[6], conversations[2]]
    held = [_Held(page, conversation) for conversation in wanted]
    for conversation, hold in zip(wanted, held, strict=True):
        _click(page, conversation)
        hold.wait()
    for number in order:
        held[number].let_go()
        page.wait_for_timeout(400)
    expect(page.locator("#conversation-subject")).to_contain_text("Question 2")
    expect(page).to_have_url(re.compile(rf"/conversations/{wanted[1].pk}\?in=open$"))
    page.go_back()
    expect(page).to_have_url(re.compile("/folders/open$"))


def test_whoever_went_to_another_folder_stays_there(
    opened: Open, conversations: list[Conversation], alice: User
) -> None:
    page = opened(alice, "/folders/open")
    late = _Held(page, conversations[4])
    _click(page, conversations[4])
    late.wait()
    page.locator("#sidebar [data-place='closed']").click()
    expect(page.locator("#list")).to_have_attribute("data-place", "closed")
    late.let_go()
    page.wait_for_timeout(400)
    expect(page).to_have_url(re.compile("/folders/closed$"))
    expect(page.locator("#conversation-subject")).to_have_count(0)


def test_the_next_conversation_does_not_come_over_one_that_was_chosen_meanwhile(
    opened: Open, conversations: list[Conversation], alice: User
) -> None:
    page = opened(alice, "/folders/open")
    next_one, chosen = _Held(page, conversations[5]), _Held(page, conversations[1])
    _click(page, conversations[6])
    expect(page.locator("#conversation-subject")).to_contain_text("Question 6")
    page.keyboard.press("e")
    next_one.wait()
    _click(page, conversations[1])
    chosen.wait()
    chosen.let_go()
    expect(page.locator("#conversation-subject")).to_contain_text("Question 1")
    next_one.let_go()
    page.wait_for_timeout(400)
    expect(page.locator("#conversation-subject")).to_contain_text("Question 1")
    expect(page).to_have_url(re.compile(rf"/conversations/{conversations[1].pk}\?in=open$"))


def test_what_is_heard_while_a_conversation_is_on_its_way_is_in_it(
    opened: Open, mailbox: Mailbox, conversations: list[Conversation], alice: User
) -> None:
    page = opened(alice, "/folders/open")
    held = _Held(page, conversations[3])
    _click(page, conversations[3])
    held.wait()
    answer = held.drawn()
    sender = Person("Customer 3", "customer3@customers.example")
    again = IncomingMessage(sender=sender, subject="Question 3", text="I found it myself.")
    receive(mailbox=mailbox, mail=again, conversation=conversations[3])
    expect(page.locator("#rows .line").first).to_contain_text("I found it myself")
    answer()
    expect(page.locator("#timeline")).to_contain_text("I found it myself.")


def test_what_is_just_being_done_is_taken_back_although_its_button_is_gone(opened: Open, alice: User) -> None:
    page = opened(alice, "/folders/open")
    page.locator("#rows .line a").first.click()
    expect(page.locator("#conversation-subject")).to_contain_text("Question 7")
    held: list[Route] = []
    page.route("**/closure", lambda route: held.append(route), times=1)  # noqa: PLW0108  (it is marked)
    page.keyboard.press("e")
    _wait(page, held)
    # Done, and heard of before it is answered: the head is drawn anew, without what was pressed.
    answer = held[0].fetch()
    expect(page.locator("#conversation-head")).to_have_attribute("data-status", "closed")
    expect(page.locator("#rows .line")).to_have_count(7)
    page.keyboard.press("z")
    with page.expect_response(lambda response: response.request.method == "DELETE"):
        held[0].fulfill(response=answer)
    expect(page.locator("#rows .line")).to_have_count(8)
    assert not Conversation.objects.filter(status="closed").exists()


def test_a_verb_that_is_slow_leads_nobody_away_and_is_heard_of(opened: Open, alice: User) -> None:
    page = opened(alice, "/folders/open")
    page.locator("#rows .line a").first.click()
    subject = page.locator("#conversation-subject")
    expect(subject).to_contain_text("Question 7")
    held: list[Route] = []
    page.route("**/closure", lambda route: held.append(route), times=2)  # noqa: PLW0108  (it is marked)
    page.keyboard.press("e")
    _wait(page, held)
    page.locator("#rows .line a", has_text="Question 2").click()
    expect(subject).to_contain_text("Question 2")
    held[0].continue_()
    expect(page.locator("[data-undo-toast]")).to_be_visible()
    expect(page.locator("#rows .line")).to_have_count(7)
    expect(subject).to_contain_text("Question 2")
    # One that fails is heard of as well.
    page.keyboard.press("e")
    _wait(page, held, until=2)
    page.locator("#rows .line a", has_text="Question 3").click()
    expect(subject).to_contain_text("Question 3")
    held[1].abort()
    expect(page.locator("#toasts [data-again]")).to_be_visible()
    page.locator("#toasts [data-again]").click()
    expect(page.locator("#rows .line")).to_have_count(6)
    expect(subject).to_contain_text("Question 3")
