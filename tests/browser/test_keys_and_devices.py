"""The palette, what comes next at once, a lost connection, the installed app with its news, and a thumb."""

import json
import re
from collections.abc import Iterator
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Locator, Page, Route, expect

from postroom.core.accounts.models import Mailbox, User
from postroom.core.conversations.actions.assign import assign
from postroom.core.conversations.actions.receive import IncomingMessage, Person, receive
from postroom.core.conversations.models import Conversation
from postroom.followers.notifications.actions.devices import devices_of
from tests.browser.conftest import Open, question
from tests.servers.postroom import Running
from tests.servers.push_service import PushService, push_service

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def conversations(mailbox: Mailbox) -> list[Conversation]:
    return [question(mailbox, number) for number in range(5)]


@pytest.fixture
def service() -> Iterator[PushService]:
    with push_service() as running:
        yield running


def _do(page: Page, typed: str, choice: str) -> None:
    """Call the palette, type, and take what it offers."""
    page.keyboard.press("Control+k")
    page.keyboard.type(typed)
    option = page.locator("#palette [role=option]", has_text=choice).first
    expect(option).to_be_visible()
    for _press in range(30):
        if option.get_attribute("aria-selected") == "true":
            break
        page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    expect(page.locator("#palette")).to_be_hidden()


def test_everything_can_be_found_and_done_from_the_palette_and_every_key_is_listed(
    opened: Open, alice: User, bob: User, conversations: list[Conversation]
) -> None:
    page = opened(alice, "/folders/open")
    _do(page, f"#{conversations[2].pk}", "Question 2")
    expect(page.locator("#conversation-subject")).to_contain_text("Question 2")
    expect(page).to_have_title(re.compile("Question 2"))
    _do(page, "bb", "Bob")
    expect(page.locator("#owner-menu > summary")).to_contain_text("Bob")
    _do(page, "snz", "Snooze")
    expect(page.locator("#snooze-menu")).to_have_attribute("open", "")
    page.keyboard.press("Escape")
    _do(page, "clos nex", "Close, and open the next")
    expect(page.locator("#conversation-subject")).to_contain_text("Question 1")
    _do(page, "clsed", "Closed")
    expect(page.locator("#list")).to_have_attribute("data-place", "closed")
    page.keyboard.press("Control+k")
    page.keyboard.type("qqqqzzzz")
    expect(page.locator("#palette [role=option]")).to_have_count(1)
    page.keyboard.press("Escape")
    # Single keys act on the line that the cursor is at, too.
    page.keyboard.press("j")
    expect(page.locator("#rows .is-cursor")).to_be_visible()
    page.keyboard.press("Enter")
    page.keyboard.press("Shift+E")
    expect(page.locator("#conversation-head")).to_have_attribute("data-status", "open")
    page.keyboard.press("?")
    expect(page.locator("#keys-dialog")).to_contain_text("Close, and open the next")
    page.keyboard.press("Escape")
    page.keyboard.press("g")
    page.keyboard.press("u")
    expect(page.locator("#list")).to_have_attribute("data-place", "unassigned")
    page.keyboard.press("u")
    page.keyboard.press("j")
    page.keyboard.press("e")
    expect(page.locator(".toast").last).to_contain_text("Closed")
    expect(page.locator("#rows .is-cursor")).to_be_visible()
    _do(page, "audit", "Audit log")
    expect(page).to_have_url(re.compile("/settings/audit$"))


def test_what_comes_next_is_there_before_it_is_asked_for_and_is_never_old(
    opened: Open, alice: User, mailbox: Mailbox, conversations: list[Conversation]
) -> None:
    page = opened(alice, f"/conversations/{conversations[3].pk}?in=open")
    with page.expect_response(lambda answer: f"/conversations/{conversations[2].pk}?" in answer.url) as ahead:
        expect(page.locator("#conversation-subject")).to_contain_text("Question 3")
    assert ahead.value.request.headers["postroom-ahead"] == "1"
    page.wait_for_timeout(500)
    asked: list[str] = []

    def only_ahead(route: Route) -> None:
        headers = route.request.headers
        if headers.get("hx-target") == "conversation" and "postroom-ahead" not in headers:
            asked.append(route.request.url)
        route.continue_()

    page.route("**/conversations/*?in=open", only_ahead)
    page.keyboard.press("e")
    expect(page.locator("#conversation-subject")).to_contain_text("Question 2")
    expect(page).to_have_url(re.compile(rf"/conversations/{conversations[2].pk}\?in=open$"))
    assert asked == []
    page.go_back()
    expect(page.locator("#conversation-subject")).to_contain_text("Question 3")
    page.go_forward()
    expect(page.locator("#conversation-subject")).to_contain_text("Question 2")
    page.wait_for_timeout(1000)
    # The customer of the next one writes again: what was fetched ahead is not shown.
    sender = Person("Customer 1", "customer1@customers.example")
    again = IncomingMessage(sender=sender, subject="Question 1", text="I found it myself.")
    receive(mailbox=mailbox, mail=again, conversation=conversations[1])
    expect(page.locator("#rows .line").first).to_contain_text("I found it myself")
    page.locator("#rows .line a").first.click()
    expect(page.locator("#timeline")).to_contain_text("I found it myself.")


def test_without_a_connection_it_is_said_nothing_is_lost_and_what_failed_is_offered_again(
    opened: Open, alice: User, conversations: list[Conversation]
) -> None:
    page = opened(alice, f"/conversations/{conversations[3].pk}?in=open")
    page.evaluate("navigator.serviceWorker.ready.then(() => true)")
    expect(page.locator("#offline")).to_be_hidden()
    page.keyboard.press("r")
    page.keyboard.type("It is ready, ")
    page.context.set_offline(True)
    expect(page.locator("#offline")).to_be_visible()
    page.keyboard.type("and it shines.")
    page.locator("#conversation-subject").click()
    page.keyboard.press("m")
    expect(page.locator(".toast-danger")).to_contain_text("did not reach the server")
    page.context.set_offline(False)
    expect(page.locator("#offline")).to_be_hidden()
    page.locator(".toast [data-again]").click()
    expect(page.locator("#owner-menu > summary")).to_contain_text("Alice")
    page.context.set_offline(True)
    page.reload()
    expect(page.locator("h1")).to_have_text("You are offline")
    page.context.set_offline(False)
    expect(page.locator("#composer [contenteditable]")).to_contain_text("It is ready, and it shines.")


# A browser of the tests has no maker with a push service: this one has ours.
_CLICKED = """id => navigator.serviceWorker.dispatchEvent(
  new MessageEvent('message', { data: { open: `/conversations/${id}` } }))"""
_SUBSCRIBE = """
PushManager.prototype.subscribe = async (options) => {
  const { userVisibleOnly, applicationServerKey } = options;
  if (!userVisibleOnly || applicationServerKey.length !== 65) throw new Error("not as the standard asks");
  return { toJSON: () => (GIVEN) };
};
PushManager.prototype.getSubscription = async () => null;
"""


def test_the_installed_app_tells_of_news_through_its_push_service(
    opened: Open, running: Running, service: PushService, alice: User, bob: User, conversations: list[Conversation]
) -> None:
    page, phone = opened(alice, "/settings/notifications"), service.browser("alices")
    page.context.grant_permissions(["notifications"], origin=running.url)
    given = {"endpoint": phone.endpoint, "keys": {"p256dh": phone.keys.p256dh, "auth": phone.keys.auth}}
    page.add_init_script(_SUBSCRIBE.replace("GIVEN", json.dumps(given)))
    page.reload()
    page.get_by_role("button", name="Tell me in this browser").click()
    expect(page.locator("[data-this-device]")).to_contain_text("this browser")
    assert devices_of(alice).get().endpoint == phone.endpoint
    page.get_by_label("A push says who and what").check()
    page.get_by_role("button", name="Save").click()
    expect(page.locator(".notice-good")).to_be_visible()
    assign(conversations[1], to=alice, by=bob)
    running.wait_for(lambda: service.taken, what="the push")
    said = phone.open(service.taken[0].body)
    assert (said["title"], said["body"]) == ("Bob gave you a conversation", "Question 1")
    page.goto(f"{running.url}/folders/open")
    expect(page).to_have_title(re.compile(r"^\(1\) "))
    _deliver(page, running.url, said)
    shown = (
        "navigator.serviceWorker.ready.then((all) => all.getNotifications()).then((all) => all.map((one) => one.title))"
    )
    page.wait_for_function(f"{shown}.then((titles) => titles.includes('Bob gave you a conversation'))")
    # As a click on it does.
    page.evaluate(_CLICKED, conversations[1].pk)
    expect(page.locator("#conversation-subject")).to_contain_text("Question 1")
    expect(page).to_have_title(re.compile(r"^Question 1"))


def _deliver(page: Page, url: str, said: dict[str, object]) -> None:
    page.evaluate("navigator.serviceWorker.ready.then(() => true)")
    line = page.context.new_cdp_session(page)
    found: list[str] = []
    line.on(
        "ServiceWorker.workerRegistrationUpdated",
        lambda event: found.extend(one["registrationId"] for one in event["registrations"]),
    )
    line.send("ServiceWorker.enable")
    while not found:
        page.wait_for_timeout(50)
    line.send("ServiceWorker.deliverPushMessage", {"origin": url, "registrationId": found[0], "data": json.dumps(said)})


def test_a_thumb_closes_and_puts_off_by_a_swipe(opened: Open, alice: User, conversations: list[Conversation]) -> None:
    page = opened(alice, "/folders/open")
    page.set_viewport_size({"width": 390, "height": 844})
    expect(page.locator("#rows .line")).to_have_count(5)
    # A short one does nothing, and a long one not the click that ends it.
    _swipe(page, page.locator("#rows .line", has_text="Question 3"), by=40)
    _swipe(page, page.locator("#rows .line", has_text="Question 3"), by=180)
    expect(page.locator(".toast")).to_contain_text("Closed")
    expect(page.locator("#rows .line")).to_have_count(4)
    assert urlsplit(page.url).path == "/folders/open"
    _swipe(page, page.locator("#rows .line", has_text="Question 1"), by=-180)
    expect(page.locator("#snooze-sheet")).to_be_visible()
    page.locator("#snooze-sheet button", has_text="Tomorrow").click()
    expect(page.locator("#rows .line")).to_have_count(3)
    assert Conversation.objects.get(pk=conversations[1].pk).status == "snoozed"
    page.locator(".toast", has_text="Closed").get_by_role("button", name="Undo").click()
    expect(page.locator("#rows .line")).to_have_count(4)


def _swipe(page: Page, line: Locator, *, by: int) -> None:
    box = line.bounding_box()
    assert box
    hand = page.context.new_cdp_session(page)
    x, y = box["x"] + box["width"] / 2, box["y"] + box["height"] / 2
    # From right to left the end of a line is at the other side.
    by = -by if page.evaluate("document.dir") == "rtl" else by
    for step in range(9):
        kind = "touchMove" if step else "touchStart"
        hand.send("Input.dispatchTouchEvent", {"type": kind, "touchPoints": [{"x": x + by * step / 8, "y": y}]})
    hand.send("Input.dispatchTouchEvent", {"type": "touchEnd", "touchPoints": []})
    page.wait_for_timeout(250)
