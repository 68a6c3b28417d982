"""The ledger's pages for each of the cast, and for addresses that nobody would type."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.test import Client

from postroom.channels.mail import reasons
from postroom.channels.mail.intake import accept
from postroom.channels.mail.models import FILED, PARKED, QUARANTINED, Alarm, Census, IncomingMail, Source
from postroom.channels.mail.receive import file_next
from postroom.core.accounts.models import Mailbox, User
from postroom.core.conversations.models import Conversation
from postroom.core.storage import blobs
from postroom.lib import clock

pytestmark = pytest.mark.django_db(transaction=True)

SignIn = Callable[[User], Client]
HOSTILE = (
    b"From: <script>alert(1)</script> <m@x.example>\nSubject: =?utf-8?q?<img_src=3Dx_onerror=3Dalert(1)>?=\n\n"
    b"</pre><script>alert(2)</script>\xff\x00\n"
)


@pytest.fixture
def mail(mailbox: Mailbox) -> IncomingMail:
    """A parked one of Mallory's."""
    made = accept(HOSTILE, mailbox=mailbox, transport="lmtp", envelope_from="m@x.example")
    IncomingMail.objects.filter(pk=made.pk).update(state=PARKED, reason=reasons.AWAY_UNKNOWN, attempts=1)
    return IncomingMail.objects.get(pk=made.pk)


def test_a_hostile_mail_is_shown_as_text(mailbox: Mailbox, mail: IncomingMail, alice: User, sign_in: SignIn) -> None:
    browser = sign_in(alice)
    for address in (f"/mailboxes/{mailbox.pk}/ledger", f"/mailboxes/{mailbox.pk}/ledger/{mail.pk}"):
        page = browser.get(address).content.decode()
        assert "<script>alert" not in page
        assert "<img src=x" not in page
        assert "&lt;img src=x" in page
        assert "An out-of-office note" in page
    raw = browser.get(f"/mailboxes/{mailbox.pk}/ledger/{mail.pk}/raw")
    assert raw.content == HOSTILE
    assert raw["Content-Disposition"].startswith("attachment")
    assert "sandbox" in raw["Content-Security-Policy"]


@pytest.mark.parametrize(
    "end",
    [
        "?state=nonsense",
        "?before=-1",
        "?before=9999999999999999999999",
        "?day=2026-13-45",
        "?day=x",
        "/999999999999999999",
        "/999999999999999999/raw",
        "/00",
    ],
)
def test_what_is_not_there_is_not_there(mailbox: Mailbox, alice: User, sign_in: SignIn, end: str) -> None:
    assert sign_in(alice).get(f"/mailboxes/{mailbox.pk}/ledger{end}").status_code == 404


@pytest.mark.parametrize("words", ["ann@", "%", "#1", "999999999999999999999", "\x00", "'; --", "x" * 5000])
def test_any_search_has_an_answer(
    mailbox: Mailbox, mail: IncomingMail, alice: User, sign_in: SignIn, words: str
) -> None:
    assert sign_in(alice).get(f"/mailboxes/{mailbox.pk}/ledger", {"q": words}).status_code == 200


def test_a_mail_is_found_by_its_sender_its_number_and_its_day(
    mailbox: Mailbox, mail: IncomingMail, alice: User, sign_in: SignIn
) -> None:
    browser, address = sign_in(alice), f"/mailboxes/{mailbox.pk}/ledger"
    for query in ({"q": "m@x.example"}, {"q": f"#{mail.pk}"}, {"day": f"{mail.received_at:%Y-%m-%d}"}):
        assert f"/ledger/{mail.pk}" in browser.get(address, query).content.decode()
    for query in ({"q": "nobody@x.example"}, {"q": "#424242"}, {"day": "2001-01-01"}, {"state": "quarantined"}):
        assert f"/ledger/{mail.pk}" not in browser.get(address, query).content.decode()


def test_a_mail_of_another_mailbox_is_not_in_this_ledger(mailbox: Mailbox, alice: User, sign_in: SignIn) -> None:
    other = Mailbox.objects.create(name="Other", address="other@velo.example")
    made = accept(HOSTILE, mailbox=other, transport="lmtp")
    browser = sign_in(alice)
    for address in (f"/mailboxes/{mailbox.pk}/ledger/{made.pk}", f"/mailboxes/{other.pk}/ledger/{made.pk}"):
        assert browser.get(address).status_code == 404
        assert browser.post(f"{address}/conversation").status_code == 404


def test_alice_files_it_by_hand_and_puts_it_aside_again(
    mailbox: Mailbox, mail: IncomingMail, alice: User, sign_in: SignIn
) -> None:
    browser, address = sign_in(alice), f"/mailboxes/{mailbox.pk}/ledger/{mail.pk}"
    wrong = browser.post(f"{address}/conversation", {"number": "424242"})
    assert wrong.status_code == 422
    assert "There is no conversation 424242" in wrong.content.decode()
    filed = browser.post(f"{address}/conversation", {"number": ""})
    assert filed["Location"] == f"/conversations/{Conversation.objects.get().pk}"
    assert browser.post(f"{address}/conversation").status_code == 409
    page = browser.get(address).content.decode()
    assert "Filed by hand. Before: An out-of-office note" in page
    assert browser.post(f"{address}/conversation", {"_method": "delete"})["Location"] == address
    mail.refresh_from_db()
    assert (mail.state, Conversation.objects.count()) == (PARKED, 0)


def test_a_mail_that_could_not_be_read_is_read_again(
    mailbox: Mailbox, mail: IncomingMail, bob: User, sign_in: SignIn
) -> None:
    IncomingMail.objects.update(state=QUARANTINED, reason=reasons.KILLED_READER)
    browser, address = sign_in(bob), f"/mailboxes/{mailbox.pk}/ledger/{mail.pk}"
    assert "Try again" in browser.get(address).content.decode()
    assert browser.post(f"{address}/reading").status_code == 302
    assert file_next()
    mail.refresh_from_db()
    assert mail.state == FILED


def test_bytes_that_are_gone_are_said_to_be(mailbox: Mailbox, mail: IncomingMail, alice: User, sign_in: SignIn) -> None:
    blobs().path(mail.digest).unlink()
    browser, address = sign_in(alice), f"/mailboxes/{mailbox.pk}/ledger/{mail.pk}"
    assert "missing or damaged" in browser.get(address).content.decode()
    assert browser.get(f"{address}/raw").status_code == 404
    assert browser.get(f"/mailboxes/{mailbox.pk}/ledger").status_code == 200


def test_asking_for_figures_leaves_a_wish_for_the_worker(mailbox: Mailbox, alice: User, sign_in: SignIn) -> None:
    source = Source.objects.create(mailbox=mailbox, host="mail.example", username="ann")
    browser, address = sign_in(alice), f"/mailboxes/{mailbox.pk}/ledger/census"
    for _ in range(2):
        answer = browser.post(address, {"fetch": "1"}, headers={"HX-Request": "true", "HX-Target": "books"})
        assert "Counting" in answer.content.decode()
    census = Census.objects.get(source=source)
    assert census.fetch
    assert census.asked_at
    assert browser.post(address)["Location"] == f"/mailboxes/{mailbox.pk}/ledger"


def test_an_empty_ledger_says_what_would_be_here(mailbox: Mailbox, alice: User, sign_in: SignIn) -> None:
    page = sign_in(alice).get(f"/mailboxes/{mailbox.pk}/ledger").content.decode()
    assert "No mail has reached this mailbox yet" in page


def test_alarms_are_shown_to_whom_they_concern(
    mailbox: Mailbox, alice: User, bob: User, charlie: User, sign_in: SignIn
) -> None:
    since = clock.now() - timedelta(hours=1)
    Alarm.objects.create(mailbox=mailbox, kind="failing", since=since, detail={"host": "mail.example"})
    for user in (alice, bob, charlie):
        for address in ("/alarms", "/folders/open", "/sidebar"):
            assert ("mail.example" in sign_in(user).get(address).content.decode()) == (user is not charlie)
    assert "mail.example" in sign_in(alice).get(f"/settings/mailboxes/{mailbox.pk}").content.decode()
    assert Client().get("/health").json()["alarms"] == {"failing": 1}


def test_mail_that_nobody_fetches_any_more_is_still_told_of(
    mailbox: Mailbox, mail: IncomingMail, alice: User, sign_in: SignIn
) -> None:
    accept(HOSTILE + b"2", mailbox=mailbox, transport="imap")
    page = sign_in(alice).get(f"/mailboxes/{mailbox.pk}/ledger").content.decode()
    assert "2 mails were brought to us, and all are kept." in page
