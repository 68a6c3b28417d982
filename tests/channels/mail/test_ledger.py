"""What a person can do with mail that stands outside the conversations, and that every mail is in one state."""

from datetime import date

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from postroom.channels.mail import ledger, reasons
from postroom.channels.mail.actions.file_by_hand import NotForHands, file_by_hand, take_back
from postroom.channels.mail.actions.retry import retry
from postroom.channels.mail.intake import accept
from postroom.channels.mail.ledger_counts import sum_up_next
from postroom.channels.mail.models import DUPLICATE, FILED, PARKED, QUARANTINED, STORED, IncomingMail, LedgerCount
from postroom.channels.mail.reading import TRIES
from postroom.channels.mail.receive import file_next
from postroom.core.accounts.models import Mailbox, User
from postroom.core.conversations.models import Conversation, Message
from postroom.core.events.models import Event
from postroom.lib import clock

pytestmark = pytest.mark.django_db(transaction=True)

QUESTION = b"From: Ann Peeters <ann@customers.example>\nSubject: Order 118\nMessage-ID: <1@a>\n\nWhere is my bicycle?\n"


def _taken(mailbox: Mailbox, raw: bytes = QUESTION) -> IncomingMail:
    return accept(raw, mailbox=mailbox, transport="lmtp", envelope_from="ann@customers.example")


def _parked(mailbox: Mailbox) -> IncomingMail:
    mail = _taken(mailbox)
    IncomingMail.objects.filter(pk=mail.pk).update(state=PARKED, reason=reasons.AWAY_UNKNOWN, attempts=1)
    return IncomingMail.objects.get(pk=mail.pk)


def _quarantined(mailbox: Mailbox) -> IncomingMail:
    mail = _taken(mailbox)
    IncomingMail.objects.filter(pk=mail.pk).update(attempts=TRIES)
    assert file_next()
    mail.refresh_from_db()
    assert (mail.state, mail.reason) == (QUARANTINED, reasons.KILLED_READER)
    return mail


def test_a_mail_that_could_not_be_read_is_read_again_in_its_place(mailbox: Mailbox, alice: User) -> None:
    mail = _quarantined(mailbox)
    before = Message.objects.get()
    assert "could not be read" in before.text
    assert before.attachments.count() == 1
    assert retry(mail, by=alice)
    assert not retry(mail, by=alice)
    assert file_next()
    mail.refresh_from_db()
    message = Message.objects.select_related("conversation__contact").get()
    assert (mail.state, mail.reason, mail.message_id) == (FILED, "", before.pk)
    assert (message.pk, message.subject, message.from_email) == (before.pk, "Order 118", "ann@customers.example")
    assert "Where is my bicycle?" in message.text
    assert message.attachments.count() == 0
    assert message.conversation.subject == "Order 118"
    assert message.conversation.snippet.startswith("Where is my bicycle")
    assert message.conversation.message_count == 1
    assert message.conversation.contact.name == "Ann Peeters"
    kinds = list(Event.objects.filter(kind__startswith="mail.").order_by("pk").values_list("kind", flat=True))
    assert kinds == ["mail.read_again", "mail.understood"]


def test_a_mail_that_still_cannot_be_read_keeps_its_message(mailbox: Mailbox, alice: User) -> None:
    mail = _quarantined(mailbox)
    retry(mail, by=alice)
    IncomingMail.objects.update(attempts=TRIES)
    assert file_next()
    mail.refresh_from_db()
    assert (mail.state, Message.objects.count(), Conversation.objects.count()) == (QUARANTINED, 1, 1)


def test_a_mail_that_could_not_be_read_may_be_left_as_it_is(mailbox: Mailbox, alice: User) -> None:
    mail = _quarantined(mailbox)
    message = file_by_hand(mail, by=alice)
    mail.refresh_from_db()
    assert (mail.state, message.pk, Message.objects.count()) == (FILED, mail.message_id, 1)


def test_a_parked_mail_is_filed_by_hand_once_and_put_aside_again(mailbox: Mailbox, alice: User) -> None:
    mail = _parked(mailbox)
    message = file_by_hand(mail, by=alice)
    with pytest.raises(NotForHands):
        file_by_hand(mail, by=alice)
    mail.refresh_from_db()
    assert (mail.state, mail.message_id, mail.reason) == (FILED, message.pk, reasons.AWAY_UNKNOWN)
    assert (Message.objects.count(), message.conversation.subject) == (1, "Order 118")
    take_back(mail, by=alice)
    mail.refresh_from_db()
    assert (mail.state, mail.conversation_id, mail.reason) == (PARKED, None, reasons.AWAY_UNKNOWN)
    assert (Message.objects.count(), Conversation.objects.count()) == (0, 0)
    with pytest.raises(NotForHands):
        take_back(mail, by=alice)


def test_a_parked_mail_goes_where_a_person_says(mailbox: Mailbox, alice: User) -> None:
    parked = _parked(mailbox)
    _taken(mailbox, QUESTION.replace(b"<1@a>", b"<2@a>"))
    assert file_next()
    conversation = Conversation.objects.get()
    file_by_hand(parked, conversation=conversation, by=alice)
    assert Message.objects.filter(conversation=conversation).count() == 2
    parked.refresh_from_db()
    with pytest.raises(NotForHands):
        take_back(parked, by=alice)


def test_mail_is_not_filed_into_another_mailbox(mailbox: Mailbox, alice: User) -> None:
    parked = _parked(mailbox)
    other = Mailbox.objects.create(name="Other", address="other@velo.example")
    _taken(other)
    assert file_next()
    with pytest.raises(NotForHands):
        file_by_hand(parked, conversation=Conversation.objects.get(), by=alice)
    parked.refresh_from_db()
    assert parked.state == PARKED


def test_a_duplicate_may_be_filed_all_the_same(mailbox: Mailbox, alice: User) -> None:
    first, second = _taken(mailbox), _taken(mailbox)
    while file_next():
        pass
    second.refresh_from_db()
    assert (second.state, second.duplicate_of_id) == (DUPLICATE, first.pk)
    file_by_hand(second, by=alice)
    assert Conversation.objects.count() == 2
    second.refresh_from_db()
    take_back(second, by=alice)
    second.refresh_from_db()
    first.refresh_from_db()
    assert (second.state, second.conversation_id) == (DUPLICATE, first.conversation_id)
    assert Conversation.objects.count() == 1


def test_every_mail_is_in_one_state_and_counted_there(mailbox: Mailbox) -> None:
    for number in range(5):
        _taken(mailbox, QUESTION + b"%d" % number)
    _parked(mailbox)
    assert file_next()
    assert file_next()
    counts = ledger.counts(mailbox)
    assert {state: counts.of(state) for state in ledger.STATES if counts.of(state)} == {STORED: 3, FILED: 2, PARKED: 1}
    assert counts.of("") == IncomingMail.objects.count() == 6
    assert ledger.brought(mailbox, fetched=("imap",)) == 3


def test_loose_counts_are_summed_up_and_say_the_same(mailbox: Mailbox) -> None:
    rows = [
        LedgerCount(mailbox_id=mailbox.pk, transport="lmtp", day=f"2026-11-{1 + n % 5:02}", state=FILED, n=1)
        for n in range(700)
    ]
    LedgerCount.objects.bulk_create(rows)
    assert sum_up_next()
    assert not sum_up_next()
    assert (LedgerCount.objects.count(), ledger.counts(mailbox).of(FILED)) == (5, 700)
    LedgerCount.objects.bulk_create(
        LedgerCount(mailbox_id=mailbox.pk, transport="lmtp", day="2026-11-01", state=FILED, n=-1) for _ in range(600)
    )
    assert sum_up_next()
    assert ledger.counts(mailbox).of(FILED) == 100


def test_the_list_goes_on_where_it_ended_and_finds_a_day(mailbox: Mailbox) -> None:
    with clock.at(clock.now().replace(year=2026, month=3, day=1, hour=12)):
        old = [_taken(mailbox, QUESTION + b"o%d" % n).pk for n in range(3)]
    new = [_taken(mailbox, QUESTION + b"n%d" % n).pk for n in range(4)]
    first = ledger.mails(mailbox, limit=5)
    second = ledger.mails(mailbox, before=first.next, limit=5)
    assert [mail.pk for mail in (*first.mails, *second.mails)] == sorted(old + new, reverse=True)
    assert second.next is None
    found = ledger.mails(mailbox, on=date(2026, 3, 1))
    assert {mail.pk for mail in found.mails} == set(old)


def test_a_page_of_the_ledger_costs_the_same_whatever_is_there(mailbox: Mailbox) -> None:
    def queries() -> int:
        with CaptureQueriesContext(
            connection,
        ) as seen:
            ledger.mails(mailbox)
            ledger.counts(mailbox)
        return len(seen)

    few = queries()
    for number in range(30):
        _taken(mailbox, QUESTION + b"%d" % number)
    assert queries() <= few + 1
