"""What is read besides words: an invitation, an attached mail, a verdict, a folded signature."""

from typing import Any

import pytest
from playwright.sync_api import expect

from postroom.core.accounts.models import Mailbox, User
from tests.browser.writing_desk import open_desk
from tests.faces.web.composer.conftest import file_of, mail_from
from tests.faces.web.reading.mails import invitation, mail_in_a_mail
from tests.servers.chromium import NewWindow

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

HTML = (
    "<p>Dear team, the brakes are worn. See the mail of our workshop, and our invitation.</p>"
    '<div class="gmail_signature">Ann Peeters<br>Peeters &amp; Co</div>'
    '<blockquote type="cite">Have you tried to oil the chain?</blockquote>'
)


def test_an_agent_reads_an_invitation_an_attached_mail_and_a_verdict(
    window: NewWindow, live_server: Any, mailbox: Mailbox, alice: User
) -> None:
    files = (
        file_of(invitation("outlook"), name="invite.ics", content_type="text/calendar"),
        file_of(mail_in_a_mail(), name="Broken chain.eml", content_type="message/rfc822"),
    )
    mail = mail_from(mailbox, text="", untrusted_html=HTML, files=files)
    mail.protection = {"kind": "smime", "signature": "valid", "name": "Ann Peeters", "authority": "Velo CA"}
    mail.save()
    desk = open_desk(window, live_server, alice, mail)
    card = desk.page.get_by_role("region", name="Invitation: Inspection of 12 bicycles")
    expect(card).to_contain_text("Monday 7 December 2026")
    expect(card).to_contain_text("Every 2 weeks on Monday and Friday")
    with desk.page.expect_download() as downloading:
        card.get_by_role("link", name="Download for your calendar").click()
    assert downloading.value.suggested_filename == "invite.ics"
    expect(desk.page.get_by_text("Signed by Ann Peeters.")).to_be_visible()
    frame = desk.page.frame_locator("mail-frame iframe")
    expect(frame.get_by_text("Peeters & Co")).to_be_hidden()
    frame.get_by_text("Signature", exact=True).click()
    expect(frame.get_by_text("Peeters & Co")).to_be_visible()
    with desk.page.context.expect_page() as opening:
        desk.page.get_by_role("link", name="Broken chain.eml").first.click()
    attached = opening.value
    expect(attached.get_by_role("heading", name="Broken chain")).to_be_visible()
    expect(attached.frame_locator("mail-frame iframe").get_by_text("Kim's words")).to_be_visible()
    attached.locator(".file-open[href*='part=3']").click()
    expect(attached.get_by_text("Lou's words")).to_be_visible()
