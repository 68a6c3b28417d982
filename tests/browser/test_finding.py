"""Finding in a browser: as one types, with suggestions, by keys; a search kept as a view that counts by itself."""

import re

import pytest
from playwright.sync_api import expect

from postroom.core.accounts.models import Mailbox, User
from postroom.core.conversations.actions.close import close
from postroom.core.conversations.actions.keep_view import ViewWish, keep_view
from postroom.core.conversations.actions.receive import IncomingMessage, Person, receive
from postroom.core.conversations.actions.tag import tag
from postroom.core.conversations.models import Conversation
from tests.browser.conftest import Open

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
SUBJECTS = ("The bell is too quiet", "Invoice 2026-118", "Please call me", "Invoice for the saddle", "A wheel is bent")


@pytest.fixture
def conversations(mailbox: Mailbox) -> list[Conversation]:
    made = []
    for number, subject in enumerate(SUBJECTS):
        sender = Person(f"Customer {number}", f"customer{number}@customers.example")
        mail = IncomingMessage(sender=sender, subject=subject, text="Could you have a look at it, please?")
        made.append(receive(mailbox=mailbox, mail=mail).conversation)
    return made


def test_somebody_finds_as_they_type_and_goes_back_where_they_were(
    opened: Open, alice: User, conversations: list[Conversation]
) -> None:
    tag(conversations[3], name="to pay", by=alice)
    page = opened(alice, "/folders/open")
    lines, suggestions = page.locator("#rows .line-subject"), page.locator("#search-completion [role=option]")
    expect(lines).to_have_count(5)
    # The box is a key away, and says what can be typed.
    page.keyboard.press("/")
    expect(page.locator("#search-field")).to_be_focused()
    page.keyboard.type("ta")
    expect(suggestions.first).to_contain_text("tag:")
    page.keyboard.press("Tab")
    expect(suggestions.filter(has_text="to pay")).to_be_visible()
    page.keyboard.type("to")
    expect(suggestions).to_have_count(1)
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    expect(page.locator("#search-field")).to_have_value('tag:"to pay" ')
    expect(lines).to_have_text(["Invoice for the saddle"])
    expect(page).to_have_url(re.compile(r"/search\?q=tag"))
    # What is not understood is said where it stands.
    page.keyboard.type("is:opne")
    expect(page.locator(".search-said")).to_contain_text("Did you mean is:open?")
    expect(page.locator(".search-wrong")).to_have_text("is:opne")
    # From the box into the finds and into a conversation, which stands beside them.
    page.locator("#search-field").fill("is:open -tag:none")
    expect(lines).to_have_text(["Invoice for the saddle"])
    page.keyboard.press("Escape")
    page.locator("#search-field").fill("is:open")
    expect(lines).to_have_count(5)
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    expect(page.locator("#conversation-subject")).to_contain_text(SUBJECTS[-1])
    expect(page.locator("#rows .line")).to_have_count(5)
    page.go_back()
    expect(page.locator("#found")).to_have_attribute("data-url", re.compile("/search"))
    # Emptied, the box gives back the list from which it all began.
    page.keyboard.press("/")
    page.locator("#search-field").fill("")
    expect(page).to_have_url(re.compile("/folders/open$"))
    expect(page.locator("#list")).to_have_attribute("data-place", "open")


def test_a_search_is_kept_as_a_view_and_its_count_follows_what_a_colleague_does(
    opened: Open, alice: User, bob: User, conversations: list[Conversation]
) -> None:
    tag(conversations[0], name="shop", by=alice)
    tag(conversations[1], name="shop", by=alice)
    page = opened(alice, "/search?q=tag%3Ashop%20is%3Aopen&sort=oldest")
    expect(page.locator("#rows .line-subject")).to_have_text(list(SUBJECTS[:2]))
    page.get_by_role("link", name="Keep as a view").click()
    page.get_by_label("Name", exact=True).fill("Shop")
    expect(page.get_by_label("Which conversations")).to_have_value("tag:shop is:open")
    # Its suggestions are there once the page's scripts are.
    expect(page.get_by_label("Which conversations")).to_have_attribute("role", "combobox")
    page.get_by_label("Which conversations").press("End")
    page.keyboard.type(" is:unas")
    expect(page.locator("#condition-completion [role=option]")).to_contain_text("unassigned")
    page.keyboard.press("Tab")
    page.get_by_label("Who has it").select_option(label="Everybody")
    page.get_by_label("Number").check()
    page.get_by_label("Lines").select_option(label="One line")
    page.get_by_role("button", name="Save").click()
    mine = page.locator("#views a", has_text="Shop")
    expect(mine).to_have_attribute("aria-current", "page")
    expect(mine.locator(".count")).to_have_text("2")
    expect(page.locator(".line-column").first).to_have_text(f"#{conversations[0].pk}")
    expect(page.locator("#rows.is-dense")).to_be_visible()
    # Bob has it, too; what he closes is gone from both within moments.
    other = opened(bob, "/folders/open")
    other.locator("#views a", has_text="Shop").click()
    expect(other.locator("#rows .line")).to_have_count(2)
    expect(other.locator("#list")).to_have_attribute("data-place", re.compile(r"^view\."))
    close(conversations[0], by=bob)
    for shown in (page, other):
        expect(shown.locator("#rows .line-subject")).to_have_text([SUBJECTS[1]])
        expect(shown.locator("#views a .count")).to_have_text("1")
    # It is changed on its page, and deleted.
    page.get_by_role("link", name="About this view").click()
    page.get_by_role("button", name="Delete Shop").click()
    expect(page.locator("#views a")).to_have_count(0)


def test_views_stand_in_the_order_their_reader_gives_them(opened: Open, alice: User, bob: User) -> None:
    for name in ("Invoices", "Urgent", "Mine"):
        keep_view(ViewWish(name, "is:open", for_all=name != "Mine"), by=alice)
    page = opened(alice, "/views")
    names = page.locator("#views .sidebar-name")
    expect(names).to_have_text(["Invoices", "Urgent", "Mine"])
    page.get_by_role("button", name="Move up: Mine").click()
    expect(names).to_have_text(["Invoices", "Mine", "Urgent"])
    page.get_by_role("button", name="Move down: Invoices").click()
    expect(names).to_have_text(["Mine", "Invoices", "Urgent"])
    page.get_by_role("button", name="Hide from my sidebar: Urgent").click()
    expect(names).to_have_text(["Mine", "Invoices"])
    # Nobody else's sidebar is changed.
    other = opened(bob, "/views")
    expect(other.locator("#views .sidebar-name")).to_have_text(["Invoices", "Urgent"])
    page.get_by_role("button", name="Show in my sidebar: Urgent").click()
    expect(names).to_have_text(["Mine", "Invoices", "Urgent"])
