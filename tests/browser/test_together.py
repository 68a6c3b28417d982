"""Several people at one conversation: they see each other, nobody answers over another, and no word is lost."""

import pytest
from playwright.sync_api import Page, expect

from postroom.core.accounts.models import User
from postroom.core.conversations.actions.assign import assign
from postroom.core.conversations.actions.close import close
from postroom.core.conversations.models import Conversation, Draft, Message, Presence
from tests.browser.conftest import Open, in_list
from tests.servers import processes
from tests.servers.postroom import Installation, Running

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


def _hide(page: Page, *, hidden: bool) -> None:
    """As a browser tells a page that another covers it, or that it is back."""
    page.evaluate(
        "hidden => { Object.defineProperty(document, 'hidden', {configurable: true, get: () => hidden});"
        " document.dispatchEvent(new Event('visibilitychange')); }",
        hidden,
    )


def test_people_see_each_other_come_write_and_go(
    opened: Open, alice: User, bob: User, charlie: User, conversations: list[Conversation]
) -> None:
    hers, theirs = opened(alice, "/folders/open"), opened(charlie, "/folders/open")
    his = opened(bob, in_list(conversations[1]))
    line = hers.locator(f"#row-{conversations[1].pk} .here")
    expect(line).to_contain_text("Bob is here")
    his.keyboard.press("r")
    his.keyboard.type("It is")
    expect(line).to_contain_text("Bob is writing")
    expect(line.locator(".pencil")).to_be_visible()
    hers.locator("#rows .line", has_text="Question 1").click()
    expect(hers.locator("#conversation-head .here")).to_contain_text("Bob is writing")
    expect(hers.locator("#here-line")).to_have_text("Bob is writing")
    expect(his.locator("#conversation-head .here")).to_contain_text("Alice is here")
    # Another tab of hers, and the first one goes elsewhere: she is still here.
    second = hers.context.new_page()
    second.goto(hers.url)
    expect(second.locator("#here-line")).to_have_text("Bob is writing")
    hers.locator("#rows .line", has_text="Question 2").click()
    expect(his.locator(f"#row-{conversations[2].pk} .here")).to_contain_text("Alice is here")
    expect(his.locator("#conversation-head .here")).to_contain_text("Alice is here")
    second.close()
    expect(his.locator("#conversation-head .here")).to_have_count(0)
    # What is drawn outlives what is fetched again.
    his.evaluate("window.htmx.trigger('#rows', 'refresh')")
    expect(his.locator(f"#row-{conversations[2].pk} .here")).to_contain_text("Alice is here")
    assert theirs.locator(".here").count() == 0


def test_a_page_that_sleeps_is_gone_and_comes_back_when_it_wakes(
    opened: Open, alice: User, bob: User, conversations: list[Conversation]
) -> None:
    hers, his = opened(alice, "/folders/open"), opened(bob, "/folders/open")
    his.clock.install()
    his.goto(his.url.replace("/folders/open", in_list(conversations[1])))
    line = hers.locator(f"#row-{conversations[1].pk} .here")
    expect(line).to_contain_text("Bob is here")
    _hide(his, hidden=True)
    his.clock.run_for(70_000)
    expect(line).to_have_count(0)
    assert not Presence.objects.exists()
    _hide(his, hidden=False)
    expect(line).to_contain_text("Bob is here")


def test_a_reply_that_others_overtook_is_stopped_with_what_changed(
    opened: Open, alice: User, bob: User, conversations: list[Conversation]
) -> None:
    path = in_list(conversations[1])
    hers, his = opened(alice, path), opened(bob, path)
    hers.keyboard.press("r")
    hers.keyboard.type("My answer")
    assign(conversations[1], to=bob, by=bob)
    close(conversations[1], by=bob)
    hers.locator("[data-send]").click()
    panel = hers.locator("[data-moved]")
    expect(panel).to_contain_text("This conversation changed while you were writing. Your draft is safe.")
    expect(panel).to_contain_text("Bob")
    expect(panel).to_contain_text("closed this conversation")
    # While she reads that, he answers, too: sending anyway is judged from what she has read.
    his.keyboard.press("r")
    his.keyboard.type("Bob's answer")
    his.keyboard.press("Control+Enter")
    expect(his.locator("#composer")).to_have_attribute("data-folded", "")
    panel.locator("[data-anyway]").click()
    expect(panel).to_contain_text("Bob wrote while you were writing.")
    expect(panel).to_contain_text("(has not left yet) Bob's answer")
    expect(hers.locator("#composer [contenteditable]")).to_have_text("My answer")
    panel.locator("[data-anyway]").click()
    expect(hers.locator("#composer")).to_have_attribute("data-folded", "")
    assert Message.objects.filter(kind="out", author=alice).count() == 1
    assert not Draft.objects.exists()


def test_what_was_typed_survives_a_lost_connection_a_killed_server_and_a_closed_browser(
    opened: Open, installation: Installation, running: Running, alice: User, conversations: list[Conversation]
) -> None:
    path = in_list(conversations[1])
    first = opened(alice, path)
    first.keyboard.press("r")
    first.keyboard.type("Half a ")
    expect(first.locator("[data-kept]")).to_have_text("Draft saved")
    running.kill()
    first.keyboard.type("sentence")
    expect(first.locator("[data-kept]")).to_have_text("Kept in this browser")
    port = running.url.rpartition(":")[2]
    installation.start("run", "--port", port, POSTROOM_LMTP_PORT=str(processes.free_port()))
    expect(first.locator("[data-kept]")).to_have_text("Draft saved", timeout=40_000)
    first.reload()
    paper = first.locator("#composer [contenteditable]")
    expect(paper).to_have_text("Half a sentence")
    # A browser of hers on another computer goes on with it; the first one does not write over that.
    first.context.set_offline(True)
    elsewhere = opened(alice, path)
    expect(elsewhere.locator("#composer [contenteditable]")).to_have_text("Half a sentence")
    expect(elsewhere.locator(f"#row-{conversations[1].pk} .line-draft")).to_be_visible()
    elsewhere.keyboard.press("r")
    elsewhere.keyboard.type(", whole")
    expect(elsewhere.locator("[data-kept]")).to_have_text("Draft saved")
    first.keyboard.press("r")
    first.keyboard.type(" of mine")
    first.context.set_offline(False)
    panel = first.locator("[data-draft-moved]")
    expect(panel).to_contain_text("You changed this draft in another window. Neither text was overwritten.")
    expect(panel).to_contain_text("Half a sentence, whole")
    expect(paper).to_have_text("Half a sentence of mine")
    panel.get_by_role("button", name="Use the other one").click()
    expect(paper).to_have_text("Half a sentence, whole")
    first.locator("[data-send]").click()
    expect(first.locator("#composer")).to_have_attribute("data-folded", "")
    elsewhere.reload()
    expect(elsewhere.locator("#composer [contenteditable]")).to_have_text("")
    assert Message.objects.get(kind="out").text == "Half a sentence, whole"


def test_a_draft_is_shared_commented_and_taken_over(
    opened: Open, alice: User, bob: User, conversations: list[Conversation]
) -> None:
    path = in_list(conversations[1])
    hers, his = opened(alice, path), opened(bob, path)
    hers.keyboard.press("r")
    hers.keyboard.type("Dear customer")
    hers.locator("[data-share]").click()
    expect(hers.locator("[data-share]")).to_have_attribute("aria-pressed", "true")
    strip = his.locator("#drafts")
    expect(strip).to_contain_text("Draft of Alice")
    expect(his.locator(f"#row-{conversations[1].pk} .line-draft")).to_have_attribute("title", "Alice shares a draft")
    strip.locator("summary").click()
    strip.get_by_label("Comment on the draft").fill("Use her name.")
    strip.get_by_role("button", name="Comment", exact=True).click()
    expect(hers.locator("#drafts")).to_contain_text("Your draft is shared with the team")
    hers.locator("#drafts summary").click()
    expect(hers.locator("#drafts .draft-comment")).to_contain_text("Use her name.")
    strip.locator("summary").click()
    strip.get_by_role("button", name="Take it over").click()
    expect(his.locator("#composer [contenteditable]")).to_have_text("Dear customer")
    hers.locator("#composer [contenteditable]").click()
    hers.keyboard.type(" and friend")
    panel = hers.locator("[data-draft-moved]")
    expect(panel).to_contain_text("Bob took this draft over.")
    his.keyboard.type(" Ann")
    his.locator("[data-send]").click()
    expect(his.locator("#composer")).to_have_attribute("data-folded", "")
    panel.get_by_role("button", name="Keep mine for myself").click()
    expect(hers.locator("[data-kept]")).to_have_text("Draft saved")
    assert Message.objects.get(kind="out").author == bob
    mine = Draft.objects.get()
    assert (mine.author, mine.shared) == (alice, False)
    assert "and friend" in mine.untrusted_html
