"""A customer's HTML in its frame: without scripts or origin, as high as it is, and not in the way of the keys."""

from typing import Any

import pytest
from playwright.sync_api import Page, expect

from postroom.core.accounts.models import Mailbox, User
from tests.browser.writing_desk import open_desk
from tests.faces.web.composer.conftest import mail_from
from tests.servers.chromium import NewWindow

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


HTML = (
    "<p>Hello</p><script>parent.pwned = 1</script><img src='https://shop.example/a.png'>"
    + "<p>A line</p>" * 30
    + '<div class="gmail_quote"><blockquote>Old words</blockquote></div>'
)
HEIGHT = "document.querySelector('mail-frame iframe').offsetHeight"


def test_a_customers_html_is_as_high_as_it_is_and_leaves_the_keys_to_the_page(
    window: NewWindow, live_server: Any, mailbox: Mailbox, alice: User
) -> None:
    desk = open_desk(window, live_server, alice, mail_from(mailbox, text="", untrusted_html=HTML))
    asked: list[str] = []
    desk.page.on("request", lambda request: asked.append(request.url))
    frame = desk.page.frame_locator("mail-frame iframe")
    expect(frame.get_by_text("Hello")).to_be_visible()
    desk.page.wait_for_function(f"() => {HEIGHT} > 600")
    # A frame that still grows moves away from under a click.
    _settled(desk.page)
    assert _scrolls(desk.page) is False
    # Folded history opens in its place, and the page offers to make room for all of it.
    frame.get_by_text("Earlier messages").click()
    expect(frame.get_by_text("Old words")).to_be_visible()
    folded = desk.page.evaluate(HEIGHT)
    desk.page.get_by_role("button", name="Unfold everything").click()
    desk.page.wait_for_function(f"() => {HEIGHT} > {folded}")
    expect(frame.get_by_text("Old words")).to_be_visible()
    assert desk.page.evaluate("window.pwned") is None
    assert not [url for url in asked if "shop.example" in url]
    expect(desk.page.locator("[data-blocked-bar]")).to_contain_text("One image from outside")
    frame.get_by_text("Hello").click()
    desk.page.wait_for_function("() => document.activeElement.localName !== 'iframe'")
    desk.page.keyboard.press("n")
    expect(desk.composer).to_have_attribute("data-mode", "note")
    desk.page.get_by_role("button", name="Show images").click()
    expect(desk.page.locator("[data-blocked-bar]")).to_be_hidden()


def test_the_frame_has_neither_scripts_nor_our_origin(
    window: NewWindow, live_server: Any, mailbox: Mailbox, alice: User
) -> None:
    desk = open_desk(window, live_server, alice, mail_from(mailbox, text="", untrusted_html=HTML))
    frame = desk.page.locator("mail-frame iframe")
    expect(desk.page.locator("mail-frame")).to_have_attribute("data-ready", "")
    assert frame.get_attribute("sandbox") == "allow-popups allow-popups-to-escape-sandbox"
    assert desk.page.evaluate("document.querySelector('mail-frame iframe').contentDocument") is None
    # In a tab of its own, too: the document says it itself.
    with desk.page.context.expect_page() as opened:
        desk.page.get_by_role("link", name="Open in its own tab").click()
    tab = opened.value
    expect(tab.get_by_text("Hello")).to_be_visible()
    assert tab.evaluate("self.origin") == "null"


def test_what_is_selected_in_the_frame_can_be_copied_though_the_page_keeps_the_keys(
    window: NewWindow, live_server: Any, mailbox: Mailbox, alice: User
) -> None:
    desk = open_desk(
        window, live_server, alice, mail_from(mailbox, text="", untrusted_html="<p>Order 4711, please</p>")
    )
    desk.page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    words = desk.page.frame_locator("mail-frame iframe").get_by_text("Order 4711")
    expect(words).to_be_visible()
    words.dblclick(position={"x": 60, "y": 8})
    desk.page.wait_for_function("() => document.activeElement.localName !== 'iframe'")
    desk.page.keyboard.down("Control")
    desk.page.wait_for_function("() => document.activeElement.localName === 'iframe'")
    desk.page.keyboard.press("c")
    desk.page.keyboard.up("Control")
    assert desk.page.evaluate("navigator.clipboard.readText()").strip() == "4711"
    desk.page.wait_for_function("() => document.activeElement.localName !== 'iframe'")


def test_a_frame_follows_the_theme_and_the_width(
    window: NewWindow, live_server: Any, mailbox: Mailbox, alice: User
) -> None:
    mail = mail_from(mailbox, text="", untrusted_html="<p>" + "Some words about it. " * 60 + "</p>")
    desk = open_desk(window, live_server, alice, mail)
    frame = desk.page.frame_locator("mail-frame iframe")
    expect(desk.page.locator("mail-frame")).to_have_attribute("data-sized", "")
    wide = _settled(desk.page)
    assert wide > 100
    desk.page.evaluate("document.documentElement.dataset.theme = 'dark'")
    expect(frame.locator("html")).to_have_attribute("data-theme", "dark")
    desk.page.set_viewport_size({"width": 390, "height": 844})
    desk.page.wait_for_function(f"() => {HEIGHT} > {wide} * 1.4")
    desk.page.wait_for_function(f"() => {HEIGHT} < {wide} * 4")
    assert _scrolls(desk.page) is False
    # And back: what was loaded into a high frame does not stay high.
    desk.page.set_viewport_size({"width": 1440, "height": 900})
    desk.page.wait_for_function(f"() => {HEIGHT} === {wide}")


def _settled(page: Page) -> int:
    """Return the frame's height once its letters are there and it has not changed for half a second."""
    height: int = page.evaluate(f"""async () => {{
      await document.fonts.ready;
      let last = -1, same = 0;
      while (same < 5) {{
        const now = {HEIGHT};
        same = now === last ? same + 1 : 0;
        last = now;
        await new Promise((done) => setTimeout(done, 100));
      }}
      return last;
    }}""")
    return height


def test_a_short_mail_leaves_no_hole(window: NewWindow, live_server: Any, mailbox: Mailbox, alice: User) -> None:
    desk = open_desk(window, live_server, alice, mail_from(mailbox, text="", untrusted_html="<p>Thanks</p>"))
    expect(desk.page.locator("mail-frame")).to_have_attribute("data-sized", "")
    desk.page.wait_for_function(f"() => {HEIGHT} > 24 && {HEIGHT} < 60")
    assert _scrolls(desk.page) is False
    expect(desk.page.locator("[data-frame-foot]")).to_be_hidden()


def _scrolls(page: Page) -> bool:
    """Tell whether the frame's document is higher than the frame."""
    page.wait_for_timeout(300)
    inside = page.frames[1].evaluate("document.documentElement.scrollHeight - document.documentElement.clientHeight")
    return bool(inside > 1)


def test_a_message_drawn_again_keeps_its_frame(
    window: NewWindow, live_server: Any, mailbox: Mailbox, alice: User
) -> None:
    mail = mail_from(mailbox, text="", untrusted_html="<p>A line</p>" * 30)
    desk = open_desk(window, live_server, alice, mail)
    frame = desk.page.locator("mail-frame iframe")
    expect(desk.page.locator("mail-frame")).to_have_attribute("data-ready", "")
    before = frame.bounding_box()
    desk.page.evaluate(
        """async (id) => {
            const text = await (await fetch(`/messages/${id}`, {headers: {"HX-Request": "true"}})).text();
            Idiomorph.morph(document.getElementById(`message-${id}`), text, {morphStyle: "outerHTML"});
        }""",
        mail.pk,
    )
    expect(desk.page.frame_locator("mail-frame iframe").get_by_text("A line").first).to_be_visible()
    assert frame.bounding_box() == before
    expect(desk.page.locator("mail-frame")).to_have_attribute("data-ready", "")
    expect(frame).to_have_css("opacity", "1")
