"""A report is bound to the exact reply and recipient that it speaks of, and to no other."""

from datetime import timedelta

import pytest

from postroom.channels.mail import reasons
from postroom.channels.mail.build import build
from postroom.channels.mail.models import FILED, PARKED
from postroom.core.accounts.models import Mailbox, User
from postroom.core.conversations.actions.addressing import recipients
from postroom.core.conversations.actions.close import close
from postroom.core.conversations.automatic import BOUNCE, DELAY, DELIVERED, RECEIPT
from postroom.core.conversations.evidence import RECIPIENT, REPORT
from postroom.core.conversations.models import CLOSED, OPEN, Conversation, Message, Participant
from postroom.core.conversations.models import delivery as states
from postroom.core.events.models import Event
from postroom.lib import clock
from tests.channels.mail.letters import filed, letter, take_in
from tests.channels.mail.machines import DAEMON, group, receipt, report, sent, told

ANN = "ann@customers.example"
TOM = "tom@customers.example"


@pytest.fixture
def conversation(mailbox: Mailbox) -> Conversation:
    return filed(letter(), mailbox=mailbox).conversation


@pytest.fixture
def answer(conversation: Conversation, alice: User) -> Message:
    return sent(conversation, by=alice, cc=[TOM])


def fates(reply: Message) -> dict[str, tuple[str, str]]:
    return {row.email: (row.state, row.status) for row in reply.deliveries.all()}


def test_a_bounce_is_bound_to_its_reply_and_recipient(mailbox: Mailbox, answer: Message) -> None:
    message = filed(report(group(TOM, said="550 5.1.1 no such user"), about=answer), mailbox=mailbox)
    assert message.conversation_id == answer.conversation_id
    assert (message.automatic, message.joined_by, message.joined_detail) == (BOUNCE, REPORT, str(answer.pk))
    row = answer.deliveries.get(email=TOM)
    assert (row.state, row.status, row.words) == (states.BOUNCED, "5.1.1", "smtp; 550 5.1.1 no such user")
    assert row.report_id == message.pk
    assert answer.deliveries.get(email=ANN).state == states.TAKEN
    event = Event.objects.get(kind="reply.bounced")
    assert (event.message_id, event.data["emails"]) == (answer.pk, [TOM])


def test_a_failure_wakes_the_conversation_and_a_delay_does_not(mailbox: Mailbox, answer: Message, alice: User) -> None:
    close(answer.conversation, by=alice)
    late = filed(report(group(ANN, action="delayed", status="4.4.1"), about=answer), mailbox=mailbox)
    assert late.automatic == DELAY
    assert fates(answer)[ANN] == (states.DELAYED, "4.4.1")
    assert Conversation.objects.get(pk=answer.conversation_id).status == CLOSED
    filed(report(group(ANN, status="4.4.7"), about=answer, number=2), mailbox=mailbox)
    assert fates(answer)[ANN] == (states.BOUNCED, "4.4.7")
    woken = Conversation.objects.get(pk=answer.conversation_id)
    assert woken.status == OPEN
    assert woken.waiting_since


def test_a_delay_that_comes_after_the_end_changes_nothing(mailbox: Mailbox, answer: Message) -> None:
    filed(report(group(ANN), about=answer), mailbox=mailbox)
    filed(report(group(ANN, action="delayed", status="4.4.1"), about=answer, number=2), mailbox=mailbox)
    assert fates(answer)[ANN] == (states.BOUNCED, "5.1.1")


def test_one_report_tells_several_fates(mailbox: Mailbox, answer: Message) -> None:
    groups = (group(ANN, action="delivered", status="2.0.0"), group(TOM, status="5.2.2"))
    filed(report(*groups, about=answer), mailbox=mailbox)
    assert fates(answer) == {ANN: (states.DELIVERED, "2.0.0"), TOM: (states.BOUNCED, "5.2.2")}


def test_a_success_report_is_shown_and_wakes_nobody(mailbox: Mailbox, answer: Message, alice: User) -> None:
    close(answer.conversation, by=alice)
    message = filed(report(group(ANN, action="relayed", status="2.0.0"), about=answer), mailbox=mailbox)
    assert message.automatic == DELIVERED
    assert fates(answer)[ANN] == (states.DELIVERED, "2.0.0")
    assert Conversation.objects.get(pk=answer.conversation_id).status == CLOSED


def test_a_receipt_says_who_read_it(mailbox: Mailbox, answer: Message) -> None:
    message = filed(receipt(answer), mailbox=mailbox)
    assert (message.automatic, message.conversation_id) == (RECEIPT, answer.conversation_id)
    assert answer.deliveries.get(email=ANN).state == states.READ


def test_a_mail_thrown_away_unread_has_arrived(mailbox: Mailbox, answer: Message) -> None:
    filed(receipt(answer, disposition="deleted"), mailbox=mailbox)
    assert answer.deliveries.get(email=ANN).state == states.DELIVERED


@pytest.mark.parametrize(
    "text",
    [
        (
            "A message could not be delivered. The following address failed:\n\n  {ann}\n    550 5.1.1 User unknown\n\n"
            "------ This is a copy of the message, including all the headers. ------\n\nMessage-ID: {id}\nSubject: x\n"
        ),
        (
            "Hi. This is the qmail-send program. I wasn't able to deliver your message.\n\n<{ann}>:\n"
            "550 5.1.1 unknown user\n\n--- Below this line is a copy of the message.\n\nReturn-Path: <a@b.example>\n"
            "Message-Id: {id}\n"
        ),
        "Delivery to {ann} failed: 550 5.1.1 User unknown\n\n> Received: by mx.example\n> Message-ID:\n>   {id}\n",
    ],
)
def test_prose_that_returns_the_mail_is_understood(mailbox: Mailbox, answer: Message, text: str) -> None:
    message = filed(told(text.format(ann=ANN, id=answer.rfc_id)), mailbox=mailbox)
    assert message.conversation_id == answer.conversation_id
    assert fates(answer)[ANN] == (states.BOUNCED, "5.1.1")


def test_the_recipient_may_have_become_another_address(mailbox: Mailbox, answer: Message) -> None:
    filed(report(group("ann.private@elsewhere.example", original=ANN), about=answer), mailbox=mailbox)
    assert fates(answer)[ANN][0] == states.BOUNCED


def test_a_forwarded_recipient_is_known_when_there_is_only_one(
    mailbox: Mailbox, conversation: Conversation, alice: User
) -> None:
    answer = sent(conversation, by=alice)
    filed(report(group("somebody@elsewhere.example"), about=answer), mailbox=mailbox)
    assert fates(answer)[ANN][0] == states.BOUNCED


def test_a_report_of_nobody_we_wrote_to_marks_nobody(mailbox: Mailbox, answer: Message) -> None:
    message = filed(report(group("victim@elsewhere.example"), about=answer), mailbox=mailbox)
    assert message.conversation_id == answer.conversation_id
    assert {state for state, _status in fates(answer).values()} == {states.TAKEN}


def test_a_bounce_to_another_mailbox_marks_nothing_here(mailbox: Mailbox, answer: Message) -> None:
    other = Mailbox.objects.create(name="Sales", address="sales@velo.example")
    mail = take_in(report(group(ANN), about=answer), mailbox=other)
    assert (mail.state, mail.reason) == (PARKED, reasons.REPORT_UNKNOWN)
    assert fates(answer)[ANN][0] == states.TAKEN


def test_a_guessed_id_marks_nothing(mailbox: Mailbox, answer: Message) -> None:
    guess = f"Message-ID: <{answer.conversation_id}.{'0' * 32}@velo.example>\r\n".encode()
    mail = take_in(report(group(ANN), returned=guess), mailbox=mailbox)
    assert (mail.state, mail.reason) == (PARKED, reasons.REPORT_UNKNOWN)
    assert fates(answer)[ANN][0] == states.TAKEN


def test_our_mark_finds_a_reply_whose_id_was_rewritten(mailbox: Mailbox, answer: Message) -> None:
    headers = build(answer).partition(b"\r\n\r\n")[0].decode() + "\r\n"
    rewritten = headers.replace(answer.rfc_id, "<0100018f@relay.example>").encode()
    assert filed(report(group(ANN), returned=rewritten), mailbox=mailbox).joined_by == REPORT
    assert fates(answer)[ANN][0] == states.BOUNCED


def test_without_any_id_the_only_late_reply_to_the_recipient_is_meant(mailbox: Mailbox, answer: Message) -> None:
    message = filed(told(f"Could not be delivered:\n\n  {ANN}: 550 5.1.1 User unknown\n"), mailbox=mailbox)
    assert (message.conversation_id, message.joined_by) == (answer.conversation_id, RECIPIENT)
    assert fates(answer)[ANN] == (states.BOUNCED, "5.1.1")


def test_without_any_id_two_replies_are_one_too_many(
    mailbox: Mailbox, answer: Message, conversation: Conversation, alice: User
) -> None:
    again = sent(conversation, by=alice)
    mail = take_in(told(f"Could not be delivered:\n\n  {ANN}: 550 5.1.1 User unknown\n"), mailbox=mailbox)
    assert (mail.state, mail.reason) == (PARKED, reasons.REPORT_UNKNOWN)
    assert {fates(one)[ANN][0] for one in (answer, again)} == {states.TAKEN}


def test_without_any_id_an_old_reply_is_not_meant(mailbox: Mailbox, answer: Message) -> None:
    with clock.at(clock.now() + timedelta(days=7)):
        mail = take_in(told(f"Could not be delivered:\n\n  {ANN}: 550 5.1.1 User unknown\n"), mailbox=mailbox)
    assert mail.state == PARKED
    assert fates(answer)[ANN][0] == states.TAKEN


def test_a_person_who_asks_about_a_failure_is_heard(mailbox: Mailbox) -> None:
    raw = letter("Your mail could not be delivered to bob@customers.example: 550 5.1.1 User unknown. Why?\n",
                 subject="Delivery failed")  # fmt: skip
    assert take_in(raw, mailbox=mailbox).state == FILED


def test_the_next_reply_goes_to_the_customer_and_answers_her(
    mailbox: Mailbox, answer: Message, conversation: Conversation, alice: User
) -> None:
    filed(report(group(TOM), about=answer), mailbox=mailbox)
    assert recipients(conversation) == [ANN]
    again = sent(conversation, by=alice)
    assert again.in_reply_to == "<1@customers.example>"
    assert "This is the mail system" not in build(again).decode()
    assert not Participant.objects.filter(email__startswith="mailer-daemon").exists()


def test_bounces_of_what_we_did_not_write_are_parked_with_the_reason(mailbox: Mailbox) -> None:
    mail = take_in(report(group("x@y.example"), returned=b"Message-ID: <spam@forged.example>\r\n"), mailbox=mailbox)
    assert (mail.state, mail.reason, mail.conversation_id) == (PARKED, reasons.REPORT_UNKNOWN, None)
    assert "names no mail" in reasons.sentence(mail.reason)


def test_a_receipt_for_nothing_is_parked(mailbox: Mailbox, answer: Message) -> None:
    raw = receipt(answer).replace(answer.rfc_id.encode(), b"<other@velo.example>")
    mail = take_in(raw, mailbox=mailbox)
    assert (mail.state, mail.reason) == (PARKED, reasons.RECEIPT_UNKNOWN)


def test_the_daemons_name_is_shown_as_the_sender(mailbox: Mailbox, answer: Message) -> None:
    message = filed(report(group(ANN), about=answer), mailbox=mailbox)
    assert message.from_email in DAEMON
    assert message.automatic_by == "Content-Type: message/delivery-status"
