"""The mail ledger in an owner's hands: what differs is said, fetched by one button, and an alarm comes and goes."""

import time

import pytest
from django.db import transaction
from playwright.sync_api import expect

from postroom.channels.mail.actions.ways import fetch_from
from postroom.channels.mail.models import PARKED, TLS, Alarm, IncomingMail
from postroom.channels.mail.server_settings import ServerSettings
from postroom.core.accounts.models import Mailbox, User
from postroom.core.events.actor import SYSTEM
from postroom.core.events.kinds import AlarmEnded, AlarmRaised
from postroom.core.events.record import record
from postroom.lib import clock
from tests.browser.conftest import Open
from tests.servers.dovecot import PASSWORD, Dovecot
from tests.servers.postroom import Installation, Running

pytestmark = [pytest.mark.browser, pytest.mark.dovecot, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def running(installation: Installation, mailbox: Mailbox, dovecot: Dovecot) -> Running:
    name = f"ledger{time.time_ns()}"
    for number in range(6):
        raw = (
            f"From: Ann <ann@customers.example>\r\nSubject: Question {number}\r\nMessage-ID: <{number}@a>\r\n\r\nhi\r\n"
        )
        dovecot.append(name, raw.encode())
    server = ServerSettings("localhost", dovecot.tls_port, TLS, name, PASSWORD)
    started = installation.run(POSTROOM_CA_FILE=str(dovecot.authority))
    fetch_from(mailbox, server=server, import_existing=True, by=SYSTEM)
    started.wait_for(lambda: IncomingMail.objects.filter(state="filed").count() == 6, what="the mail")
    return started


def test_what_is_missing_is_said_and_fetched_by_one_button(opened: Open, alice: User, mailbox: Mailbox) -> None:
    page = opened(alice, f"/mailboxes/{mailbox.pk}/ledger")
    books = page.locator("#books")
    page.get_by_role("button", name="Compare now").or_(page.locator(".books-waits")).first.wait_for()
    expect(books).to_contain_text("The server holds 6 mails, Postroom holds 6.")
    IncomingMail.objects.filter(pk__in=list(IncomingMail.objects.values_list("pk", flat=True)[:2])).delete()
    books.get_by_role("button", name="Compare now").click()
    expect(books).to_contain_text("The server holds 6 mails, Postroom holds 4.")
    expect(books).to_contain_text("2 are missing here.")
    books.get_by_role("button", name="Fetch what is missing").click()
    expect(books).to_contain_text("The server holds 6 mails, Postroom holds 6.")
    expect(books).to_contain_text("2 mails fetched")
    assert IncomingMail.objects.count() == 6


def test_a_parked_mail_is_found_and_filed_by_hand(opened: Open, alice: User, mailbox: Mailbox) -> None:
    mail = IncomingMail.objects.order_by("pk").last()
    assert mail
    IncomingMail.objects.filter(pk=mail.pk).update(
        state=PARKED, reason="away_unknown", conversation_id=None, message_id=None
    )
    page = opened(alice, f"/mailboxes/{mailbox.pk}/ledger")
    page.get_by_role("link", name="Parked 1").click()
    page.locator(".ledger-link").click()
    expect(page.locator(".ledger-verdict")).to_contain_text("out-of-office")
    expect(page.locator(".ledger-raw")).to_contain_text("Message-ID:")
    page.get_by_role("button", name="File by hand").click()
    expect(page.locator("#conversation-subject")).to_contain_text("Question")


def test_an_alarm_appears_above_the_page_and_leaves(opened: Open, alice: User, mailbox: Mailbox) -> None:
    page = opened(alice, "/folders/open")
    expect(page.locator("#alarms")).to_be_hidden()
    with transaction.atomic():
        alarm = Alarm.objects.create(
            mailbox=mailbox,
            kind="counts_differ",
            about="test",
            since=clock.now(),
            detail={"host": "mail.example", "n": 3},
        )
        record(
            AlarmRaised(address=mailbox.address, alarm=alarm.kind, alarm_id=alarm.pk), by=SYSTEM, mailbox_id=mailbox.pk
        )
    expect(page.locator("#alarms")).to_contain_text("mail.example")
    expect(page.locator("#rows")).to_be_visible()
    assert page.evaluate("document.documentElement.scrollWidth") <= 1440
    with transaction.atomic():
        Alarm.objects.update(ended_at=clock.now())
        kind = AlarmEnded(address=mailbox.address, alarm=alarm.kind, alarm_id=alarm.pk)
        record(kind, by=SYSTEM, mailbox_id=mailbox.pk)
    expect(page.locator("#alarms")).to_be_hidden()
