"""Postroom's own mail: it leaves through a mailbox's account, waits out trouble, and makes no conversation."""

import threading
from collections.abc import Iterator
from datetime import timedelta
from email.message import EmailMessage

import pytest
from django.db import connection, transaction
from pytest_django import Settings

from postroom.channels.mail import alarm_words, letter_queue
from postroom.channels.mail.actions.sending import change_rules, make_signing_key, sign_mail
from postroom.channels.mail.actions.ways import send_through
from postroom.channels.mail.alarms import look
from postroom.channels.mail.letters import can_send_letters
from postroom.channels.mail.models import (
    COPY_AS_NEEDED,
    NO_TLS,
    PARKED,
    SPARE,
    STARTTLS,
    TRAY,
    Alarm,
    Route,
    TrayMail,
)
from postroom.channels.mail.reasons import LETTER_ANSWERED, OWN_LETTER
from postroom.channels.mail.server_settings import ServerSettings
from postroom.channels.mail.transports.letters import letter_next
from postroom.channels.mail.watches import letters
from postroom.core.accounts.actions.letters import (
    drop_letter,
    post_letter,
    send_letters_from,
    try_letter_again,
)
from postroom.core.accounts.models import (
    LETTER_GIVEN_UP,
    LETTER_SENT,
    LETTER_WAITING,
    Letter,
    Mailbox,
    User,
)
from postroom.core.conversations.models import Conversation
from postroom.lib import clock
from tests.channels.mail.letters import letter as mail_from
from tests.channels.mail.letters import take_in
from tests.servers.certificates import Certificates
from tests.servers.processes import free_port
from tests.servers.rude_smtp import RudeSmtp
from tests.servers.smtp_sink import PASSWORD, USER, SmtpSink

TEXT = "Hello Dora,\n\nOpen this link: https://desk.example/welcome/abc\n"


@pytest.fixture
def sink(smtp_sink: SmtpSink, settings: Settings) -> SmtpSink:
    """The sink, whose authority we trust."""
    settings.POSTROOM_CA_FILE = str(smtp_sink.authority)
    return smtp_sink


@pytest.fixture
def rude(certificate: Certificates) -> Iterator[RudeSmtp]:
    """A server that fails as it is told."""
    server = RudeSmtp.start(certificate)
    yield server
    server.stop()


@pytest.fixture
def sending(sink: SmtpSink, mailbox: Mailbox, alice: User) -> Mailbox:
    """A mailbox that sends through the sink, with a password over STARTTLS."""
    send_through(mailbox, server=ServerSettings("localhost", sink.port, STARTTLS, USER, PASSWORD), by=alice)
    return mailbox


def _post(to: str = "dora@team.example", **options: str) -> Letter:
    said = {"name": "Dora Élan", "subject": "Come in", "text": TEXT, **options}
    post_letter(to=to, **said)
    return Letter.objects.latest("pk")


def _again(letter: Letter, *, later: timedelta = timedelta()) -> Letter:
    with clock.at(max(clock.now(), letter.next_at or clock.now()) + later):
        assert letter_next()
    letter.refresh_from_db()
    return letter


def test_a_letter_leaves_through_the_mailboxs_account_and_says_that_a_program_wrote_it(
    sink: SmtpSink, sending: Mailbox
) -> None:
    sent = _again(_post(subject="Come in\r\nBcc: mallory@elsewhere.example"))
    assert (sent.state, sent.text, sent.problem) == (LETTER_SENT, "", "")
    assert not letter_next()
    received = sink.received[0]
    assert (received.sender, received.recipients, received.encrypted) == (
        sending.address,
        ("dora@team.example",),
        True,
    )
    mail = received.message
    assert mail["From"] == f"Postroom <{sending.address}>"
    assert mail["To"] == "Dora Élan <dora@team.example>"
    assert (mail["Auto-Submitted"], mail["Bcc"]) == ("auto-generated", None)
    assert mail["Message-ID"].startswith(f"<letter.{sent.pk}.")
    assert mail.get_content().split() == TEXT.split()


def test_a_letter_of_a_transaction_that_failed_was_never_posted(sending: Mailbox) -> None:
    with transaction.atomic():
        _post()
        transaction.set_rollback(True)
    assert not letter_next()


def test_the_text_of_a_waiting_letter_cannot_be_read_in_the_database(db: None) -> None:
    assert "desk.example" not in _post().sealed_text


def test_a_letter_waits_until_a_mailbox_can_send(sink: SmtpSink, mailbox: Mailbox, alice: User) -> None:
    assert not can_send_letters()
    waiting = _again(_post())
    assert (waiting.state, waiting.tries) == (LETTER_WAITING, 0)
    assert "No mailbox" in waiting.problem
    send_through(mailbox, server=ServerSettings("localhost", sink.open_port, NO_TLS), by=alice)
    assert _again(waiting).state == LETTER_SENT


def test_the_chosen_mailbox_sends_and_the_first_one_when_it_no_longer_can(
    sink: SmtpSink, sending: Mailbox, alice: User
) -> None:
    other = Mailbox.objects.create(name="Office", address="office@velo.example")
    send_through(other, server=ServerSettings("localhost", sink.open_port, NO_TLS), by=alice)
    assert send_letters_from(other, by=alice)
    assert not send_letters_from(other, by=alice)
    _again(_post())
    Route.objects.filter(mailbox=other).delete()
    _again(_post())
    assert [mail.sender for mail in sink.received] == [other.address, sending.address]


def test_trouble_with_the_server_is_waited_out_for_a_day_and_told_to_the_owners(
    sink: SmtpSink, sending: Mailbox
) -> None:
    sink.refuse("AUTH", "535 5.7.8 No")
    letter = _post()
    posted = letter.created_at
    while letter.state == LETTER_WAITING:
        _again(letter)
    assert letter.state == LETTER_GIVEN_UP
    assert 20 < letter.tries < 40
    assert "535" in letter.problem
    look([letters], now=posted + timedelta(hours=25))
    alarm = Alarm.objects.get()
    assert (alarm.mailbox, alarm.kind, alarm.detail) == (sending, alarm_words.LETTERS, {"n": 1})
    assert "1" in alarm_words.sentence(alarm.kind, alarm.detail)
    sink.clear()
    assert try_letter_again(letter)
    assert not try_letter_again(letter)
    letter.refresh_from_db()
    assert _again(letter).state == LETTER_SENT
    look([letters], now=clock.now())
    assert not Alarm.objects.filter(ended_at=None).exists()


def test_an_address_that_is_refused_is_given_up_at_once(sink: SmtpSink, sending: Mailbox) -> None:
    sink.refuse("RCPT", "550 5.1.1 Nobody here", times=1)
    letter = _again(_post())
    assert (letter.state, letter.tries) == (LETTER_GIVEN_UP, 1)
    assert drop_letter(letter)
    assert not drop_letter(letter)


def test_the_spare_server_stands_in(sink: SmtpSink, mailbox: Mailbox, alice: User) -> None:
    send_through(mailbox, server=ServerSettings("localhost", free_port(), NO_TLS), by=alice)
    server = ServerSettings("localhost", sink.open_port, NO_TLS)
    send_through(mailbox, server=server, rank=SPARE, by=alice)
    assert _again(_post()).state == LETTER_SENT


def test_a_letter_keeps_to_the_mailboxs_rate(sink: SmtpSink, sending: Mailbox, alice: User) -> None:
    change_rules(sending, per_minute=1, per_day=None, spare_after=15, keep_copy=COPY_AS_NEEDED, by=alice)
    assert _again(_post()).state == LETTER_SENT
    held = _again(_post())
    assert (held.state, held.tries) == (LETTER_WAITING, 0)
    assert _again(held, later=timedelta(minutes=1)).state == LETTER_SENT


def test_a_letter_whose_fate_is_unknown_comes_again_as_the_same_mail(
    sink: SmtpSink, rude: RudeSmtp, mailbox: Mailbox, alice: User
) -> None:
    rude.fail("dot", "close")
    send_through(mailbox, server=ServerSettings("localhost", rude.port, STARTTLS, USER, PASSWORD), by=alice)
    letter = _again(_post())
    assert letter.state == LETTER_WAITING
    send_through(mailbox, server=ServerSettings("localhost", sink.open_port, NO_TLS), by=alice)
    assert _again(letter).state == LETTER_SENT
    assert sink.received[0].message["Message-ID"].startswith(f"<letter.{letter.pk}.")


def test_a_dead_workers_letter_is_taken_up_when_its_lease_is_over(sink: SmtpSink, sending: Mailbox) -> None:
    letter = _post()
    held = letter_queue.claim_letter()
    assert held is not None
    assert letter_queue.claim_letter() is None
    with clock.at(clock.now() + timedelta(minutes=11)):
        assert letter_next()
    # What the dead one would have said comes too late.
    letter_queue.refused(held, "The line broke.")
    letter.refresh_from_db()
    assert (letter.state, letter.tries) == (LETTER_SENT, 2)


@pytest.mark.django_db(transaction=True)
def test_several_workers_send_each_letter_once(sink: SmtpSink, sending: Mailbox) -> None:
    for number in range(6):
        _post(f"dora{number}@team.example")

    def work() -> None:
        try:
            while letter_next():
                pass
        finally:
            connection.close()

    threads = [threading.Thread(target=work) for _one in range(3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    while letter_next():
        pass
    assert sorted(mail.recipients[0] for mail in sink.received) == [f"dora{n}@team.example" for n in range(6)]


def test_a_letter_is_signed_with_the_domains_key_and_forgotten_after_a_month(
    sink: SmtpSink, sending: Mailbox, alice: User
) -> None:
    make_signing_key(sending, by=alice)
    sign_mail(sending, by=alice)
    first = _again(_post())
    assert "d=velo.example" in str(sink.received[0].message["DKIM-Signature"])
    with clock.at(clock.now() + timedelta(days=31)):
        assert _again(_post()).state == LETTER_SENT
    assert not Letter.objects.filter(pk=first.pk).exists()


def test_in_the_demo_a_letter_lies_on_the_tray(mailbox: Mailbox) -> None:
    Route.objects.create(mailbox=mailbox, kind=TRAY)
    assert _again(_post()).state == LETTER_SENT
    assert [(row.subject, row.envelope_to) for row in TrayMail.objects.all()] == [("Come in", ["dora@team.example"])]


def _bounce(mail: EmailMessage, to: str) -> bytes:
    report = (
        "Reporting-MTA: dns; mx.example\r\n\r\nFinal-Recipient: rfc822; dora@team.example\r\nAction: failed\r\n"
        "Status: 5.1.1\r\nDiagnostic-Code: smtp; 550 5.1.1 Nobody here\r\n"
    )
    return (
        f"From: MAILER-DAEMON@mx.example\r\nTo: {to}\r\nSubject: Undelivered\r\nMessage-ID: <b1@mx.example>\r\n"
        "Auto-Submitted: auto-replied\r\nMIME-Version: 1.0\r\n"
        'Content-Type: multipart/report; report-type=delivery-status; boundary="b"\r\n\r\n'
        "--b\r\nContent-Type: text/plain\r\n\r\nNobody here.\r\n"
        f"--b\r\nContent-Type: message/delivery-status\r\n\r\n{report}"
        f"--b\r\nContent-Type: text/rfc822-headers\r\n\r\nMessage-ID: {mail['Message-ID']}\r\n\r\n--b--\r\n"
    ).encode()


def test_what_programs_answer_to_a_letter_opens_no_conversation(sink: SmtpSink, sending: Mailbox) -> None:
    letter, mail = _again(_post()), sink.received[0].message
    away = mail_from(
        "I am away.\n",
        message_id="<away@team.example>",
        subject="Out of office",
        In_Reply_To=str(mail["Message-ID"]),
        Auto_Submitted="auto-replied",
    )
    bounced = _bounce(mail, sending.address)
    came = ((sink.received[0].content, OWN_LETTER), (away, LETTER_ANSWERED), (bounced, LETTER_ANSWERED))
    for raw, reason in came:
        row = take_in(raw, mailbox=sending)
        assert (row.state, row.reason) == (PARKED, reason)
    copy = take_in(sink.received[0].content + b"\r\n", mailbox=sending, outgoing=True)
    letter.refresh_from_db()
    assert (copy.state, copy.reason, letter.state) == (PARKED, OWN_LETTER, LETTER_GIVEN_UP)
    assert "Nobody here" in letter.problem
    assert not Conversation.objects.exists()


def test_what_a_person_answers_and_what_only_looks_like_a_letter_do(sink: SmtpSink, sending: Mailbox) -> None:
    _again(_post())
    mail = sink.received[0].message
    take_in(mail_from(message_id="<p@team.example>", In_Reply_To=str(mail["Message-ID"])), mailbox=sending)
    forged = mail_from(message_id="<letter.1.00000000000000000000000000000000@velo.example>")
    assert take_in(forged, mailbox=sending).state != PARKED
    assert Conversation.objects.count() == 2
