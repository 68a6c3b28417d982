"""A customer's HTML in its frame: measured from outside, silent, and not in the way of the keys."""

from typing import Any

import pytest
from playwright.sync_api import expect

from postroom.core.accounts.models import Mailbox, User
from tests.browser.writing_desk import open_desk
from tests.faces.web.composer.conftest import mail_from
from tests.servers.chromium import NewWindow

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


def test_a_customers_html_is_framed_measured_and_passes_keys_on(
    window: NewWindow, live_server: Any, mailbox: Mailbox, alice: User
) -> None:
    html = (
        "<p>Hello</p><script>parent.pwned = 1</script><img src='https://shop.example/a.png'>"
        + "<p>A line</p>" * 30
        + '<div class="gmail_quote"><blockquote>Old words</blockquote></div>'
    )
    desk = open_desk(window, live_server, alice, mail_from(mailbox, text="", untrusted_html=html))
    asked: list[str] = []
    desk.page.on("request", lambda request: asked.append(request.url))
    frame = desk.page.frame_locator("mail-frame iframe")
    expect(frame.get_by_text("Hello")).to_be_visible()
    box = desk.page.locator("mail-frame iframe").bounding_box()
    assert box is not None
    assert box["height"] > 600
    # Folded history makes the frame grow when it is opened.
    frame.get_by_text("Earlier messages").click()
    expect(frame.get_by_text("Old words")).to_be_visible()
    desk.page.wait_for_function(
        "height => document.querySelector('mail-frame iframe').offsetHeight > height", arg=box["height"]
    )
    assert desk.page.evaluate("window.pwned") is None
    assert not [url for url in asked if "shop.example" in url]
    expect(desk.page.locator("[data-blocked-bar]")).to_contain_text("One image from outside")
    frame.get_by_text("Hello").click()
    desk.page.keyboard.press("n")
    expect(desk.composer).to_have_attribute("data-mode", "note")
    desk.page.get_by_role("button", name="Show images").click()
    expect(desk.page.locator("[data-blocked-bar]")).to_be_hidden()


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
