"""What an agent sees of a suspicious mail, and its files one after the other, without leaving the conversation."""

import io
import zipfile
from typing import Any

import pytest
from playwright.sync_api import Page, expect
from pypdfium2 import PdfDocument

from postroom.core.accounts.models import Mailbox, User
from postroom.core.conversations.actions.receive import Person
from tests.browser.writing_desk import open_desk
from tests.faces.web.composer.conftest import PNG, file_of, mail_from
from tests.servers.chromium import NewWindow

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

HTML = (
    "<p>Dear team, please look at <a href='https://evil.test/pay'>www.bank.example/pay</a> and at "
    "<a href='https://shop.example/terms'>our terms</a>.</p>"
    "<img src='https://x.list-manage.com/track/open.php?u=1' width='1' height='1'>"
    "<img src='https://shop.example/a.png'><p>Ann</p>"
)


def _pdf() -> bytes:
    document = PdfDocument.new()
    for _ in range(2):
        document.new_page(420, 595)
    made = io.BytesIO()
    document.save(made)
    return made.getvalue()


def test_a_suspicious_mail_is_seen_through_and_its_files_are_looked_at_in_place(
    window: NewWindow, live_server: Any, mailbox: Mailbox, alice: User
) -> None:
    files = (
        file_of(PNG, name="photo.png", content_type="image/png"),
        file_of(_pdf(), name="plan.pdf", content_type="application/pdf"),
        file_of(b"first line\nsecond line\n", name="notes.txt", content_type="text/plain"),
    )
    sender = Person("Ann <ann@bank.example>", "ann@velo.example.evil.test")
    mail = mail_from(mailbox, sender=sender, text="", untrusted_html=HTML, files=files)
    desk = open_desk(window, live_server, alice, mail, expected="404 (Not Found)")
    page = desk.page
    _seen_through(page)
    _trusted(page)
    _looked_at(page)
    with page.expect_download() as got:
        page.get_by_role("link", name="Download all 3").click()
    with zipfile.ZipFile(got.value.path()) as packed:
        assert sorted(packed.namelist()) == ["notes.txt", "photo.png", "plan.pdf"]


def _seen_through(page: Page) -> None:
    expect(page.get_by_text("looks like yours, velo.example, and is not")).to_be_visible()
    frame = page.frame_locator("mail-frame iframe")
    expect(frame.get_by_text("leads to evil.test")).to_be_visible()
    expect(frame.get_by_role("link", name="our terms")).to_have_attribute("title", "https://shop.example/terms")
    expect(page.locator("[data-trackers]")).to_contain_text("One tracker was left out")
    expect(page.locator("[data-trackers]")).to_contain_text("Mailchimp")
    expect(page.locator("[data-blocked-bar]")).to_contain_text("One image from outside")


def _trusted(page: Page) -> None:
    page.get_by_role("button", name="Always from this sender").click()
    expect(page.get_by_text("are shown from now on")).to_be_visible()
    expect(page.locator("[data-blocked-bar]")).to_be_hidden()
    page.reload()
    expect(page.locator("[data-trusted]")).to_be_visible()
    page.get_by_role("button", name="Ask again").click()
    expect(page.locator("[data-blocked-bar]")).to_be_visible()


def _looked_at(page: Page) -> None:
    page.get_by_role("link", name="plan.pdf").first.click()
    viewer = page.get_by_role("dialog")
    expect(viewer.get_by_alt_text("Page 1 of 2")).to_be_visible()
    page.wait_for_function("() => document.querySelector('.viewer-page').naturalWidth > 1000")
    expect(viewer.get_by_text("2 of 3")).to_be_visible()
    on, back = ("ArrowLeft", "ArrowRight") if page.evaluate("document.dir") == "rtl" else ("ArrowRight", "ArrowLeft")
    page.keyboard.press(on)
    expect(viewer.get_by_text("second line")).to_be_visible()
    page.keyboard.press(back)
    page.keyboard.press(back)
    expect(viewer.get_by_alt_text("photo.png")).to_be_visible()
    page.keyboard.press("Escape")
    expect(viewer).to_be_hidden()
