"""Alice changes many at once, by keys and by the mouse, and Bob sees it; a whole list with its bar, and back."""

import pytest
from playwright.sync_api import expect

from postroom.core.accounts.models import Mailbox, User
from postroom.core.conversations.actions.receive import IncomingMessage, Person, receive
from postroom.core.conversations.models import CLOSED, Conversation
from tests.browser.conftest import Open
from tests.people import put_on
from tests.servers.postroom import Installation, Running

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
_MANY = 70


@pytest.fixture
def running(installation: Installation, mailbox: Mailbox) -> Running:
    for number in range(_MANY):
        sender = Person(f"Customer {number}", f"customer{number}@customers.example")
        receive(mailbox=mailbox, mail=IncomingMessage(sender=sender, subject=f"Question {number}", text="Ready?"))
    return installation.run()


def test_a_few_by_keys_and_the_mouse_and_all_by_one_question(opened: Open, alice: User, bob: User) -> None:
    page, beside = opened(alice, "/folders/open"), opened(bob, "/folders/open")
    lines = page.locator("#rows .line")
    bar, count = page.locator("#bulk-bar"), page.locator("[data-bulk-count]")
    page.keyboard.press("j")
    page.keyboard.press("x")
    expect(count).to_have_text("1 selected")
    lines.nth(4).hover()
    lines.nth(4).locator(".line-check").click(modifiers=["Shift"])
    expect(count).to_have_text("5 selected")
    page.keyboard.press("e")
    expect(page.locator(".toast")).to_contain_text("Closed 5 conversations.")
    expect(bar).to_be_hidden()
    expect(lines.first).to_contain_text("Question 64")
    expect(beside.locator("#rows .line").first).to_contain_text("Question 64")
    page.keyboard.press("z")
    expect(lines.first).to_contain_text("Question 69")
    expect(beside.locator("#rows .line").first).to_contain_text("Question 69")

    lines.nth(0).hover()
    lines.nth(0).locator(".line-check").click()
    page.keyboard.press("t")
    page.keyboard.type("boats")
    page.keyboard.press("Enter")
    expect(lines.nth(0)).to_contain_text("boats")

    lines.nth(0).hover()
    lines.nth(0).locator(".line-check").click()
    page.locator("#bulk-count-menu > summary").click()
    page.get_by_role("button", name=f"The whole list: {_MANY} conversations").click()
    expect(count).to_have_text(f"All {_MANY}")
    page.locator('#bulk-bar [data-bulk-verb="close"]').click()
    sure = page.locator("#bulk-sure")
    expect(sure).to_contain_text(f"Close: {_MANY} conversations?")
    sure.get_by_role("button", name=f"Change {_MANY} conversations").click()
    expect(sure).to_be_hidden()
    job = page.locator(".bulk-job")
    expect(job).to_contain_text(f"Closed {_MANY} conversations.")
    expect(page.locator("#rows .line")).to_have_count(0)
    expect(beside.locator("#rows .line")).to_have_count(0)
    assert Conversation.objects.filter(status=CLOSED).count() == _MANY
    job.get_by_role("button", name="Put all back").click()
    expect(job).to_contain_text(f"Put {_MANY} conversations back.")
    expect(page.locator("#rows .line").first).to_contain_text("Question 69")
    expect(beside.locator("#rows .line").first).to_contain_text("Question 69")


def test_a_conversation_goes_to_another_mailbox_and_is_joined_linked_and_split(
    opened: Open, alice: User, bob: User, mailbox: Mailbox
) -> None:
    orders = Mailbox.objects.create(name="Orders", address="orders@velo.example")
    put_on(orders, alice)
    last = Conversation.objects.order_by("-pk")[0]
    tom = Person("Tom", "tom@customers.example")
    receive(mailbox=mailbox, mail=IncomingMessage(sender=tom, subject="Boats", text="Boats?"), conversation=last)
    page, beside = (opened(user, f"/conversations/{last.pk}?in=open") for user in (alice, bob))
    dialog = page.locator("#moving-dialog")

    page.keyboard.press("d")
    dialog.locator(".moving-choice", has_text="Boats?").click()
    dialog.get_by_role("button", name="Split off").click()
    expect(page.locator("#timeline .message")).to_have_count(1)
    expect(beside.locator("#timeline .message")).to_have_count(1)
    page.locator("[data-undo-toast]").last.click()
    expect(page.locator("#timeline .message")).to_have_count(2)

    page.keyboard.press("l")
    dialog.get_by_role("searchbox").fill(f"#{last.pk - 1}")
    dialog.locator(".moving-choice").click()
    expect(page.locator("#panel .linked")).to_contain_text(f"Question {_MANY - 2}")
    expect(beside.locator("#panel .linked")).to_contain_text(f"Question {_MANY - 2}")

    page.keyboard.press("v")
    expect(dialog).to_contain_text("Bob will not see it any more.")
    dialog.locator(".moving-choice", has_text="Orders").click()
    expect(page.locator("#panel")).to_contain_text("Orders")
    # Who lost sight of it does not look at it any longer.
    expect(beside.locator("#conversation-subject")).to_have_count(0)
    expect(beside.locator("#rows")).not_to_contain_text(f"Question {_MANY - 1}")
    page.locator("[data-undo-toast]").last.click()
    expect(page.locator("#panel")).to_contain_text("Support")

    page.keyboard.press("y")
    dialog.get_by_role("searchbox").fill(str(last.pk - 2))
    dialog.locator(".moving-choice").click()
    expect(page.locator("#conversation")).to_have_attribute("data-id", str(last.pk - 2))
    expect(page.locator("#timeline .message")).to_have_count(3)
