"""Which server a reply leaves by, how fast and how large."""

import threading
from collections.abc import Iterator
from datetime import timedelta

import pytest
from django.db import connection
from pytest_django import Settings

from postroom.channels.mail.actions.sending import change_rules
from postroom.channels.mail.actions.ways import send_later, send_through
from postroom.channels.mail.models import COPY_AS_NEEDED, NO_TLS, SPARE, STARTTLS, Departure, Route
from postroom.channels.mail.pace import take_turn
from postroom.channels.mail.server_settings import ServerSettings
from postroom.channels.mail.sizes import too_large
from postroom.channels.mail.transports.outgoing import Outgoing
from postroom.core.accounts.models import Mailbox, User
from postroom.core.conversations.actions.reply import reply
from postroom.core.conversations.actions.upload import attach
from postroom.core.conversations.models import Conversation, Message
from postroom.core.conversations.models.delivery import TAKEN, TURNED_AWAY
from postroom.core.conversations.models.message import DEFERRED, REFUSED, SENT, UNCERTAIN
from postroom.core.outbox.deliver import deliver_next
from postroom.core.outbox.outcomes import Held
from postroom.lib import clock
from tests.channels.mail.letters import filed, letter
from tests.servers.certificates import Certificates
from tests.servers.processes import free_port
from tests.servers.rude_smtp import RudeSmtp
from tests.servers.smtp_sink import PASSWORD, USER, SmtpSink


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
def conversation(mailbox: Mailbox) -> Conversation:
    """Ann asked something."""
    return filed(letter(), mailbox=mailbox).conversation


def _answer(conversation: Conversation, by: User, **options: object) -> Message:
    return reply(conversation, by=by, html="<p>It left.</p>", send_after=clock.now(), **options)  # type: ignore[arg-type]


def _open(sink: SmtpSink) -> ServerSettings:
    return ServerSettings("localhost", sink.open_port, NO_TLS)


def _tried(message: Message) -> Message:
    message.refresh_from_db()
    with clock.at(max(clock.now(), message.send_after or clock.now())):
        assert deliver_next(Outgoing())
    message.refresh_from_db()
    return message


def _with_spare(mailbox: Mailbox, usual: ServerSettings, sink: SmtpSink, alice: User) -> None:
    send_through(mailbox, server=usual, by=alice)
    send_through(mailbox, server=ServerSettings("localhost", sink.port, STARTTLS, USER, PASSWORD), rank=SPARE, by=alice)


def _rules(mailbox: Mailbox, alice: User, *, minute: int | None = None, day: int | None = None) -> None:
    change_rules(mailbox, per_minute=minute, per_day=day, spare_after=15, keep_copy=COPY_AS_NEEDED, by=alice)


def test_a_usual_server_that_is_away_is_stood_in_for(
    sink: SmtpSink, mailbox: Mailbox, conversation: Conversation, alice: User
) -> None:
    _with_spare(mailbox, ServerSettings("localhost", free_port(), NO_TLS), sink, alice)
    assert _tried(_answer(conversation, alice)).delivery == SENT
    assert sink.received[0].user == USER
    assert Route.objects.get(rank=0).failing_since
    assert not Route.objects.get(rank=SPARE).last_error


def test_a_usual_server_that_refuses_the_password_is_stood_in_for(
    sink: SmtpSink, mailbox: Mailbox, conversation: Conversation, alice: User
) -> None:
    _with_spare(mailbox, ServerSettings("localhost", sink.port, STARTTLS, USER, "wrong"), sink, alice)
    assert _tried(_answer(conversation, alice)).delivery == SENT
    assert len(sink.received) == 1


def test_a_usual_server_that_puts_mail_off_is_given_time(
    sink: SmtpSink, rude: RudeSmtp, mailbox: Mailbox, conversation: Conversation, alice: User
) -> None:
    rude.fail("MAIL", "451 4.3.0 Later")
    _with_spare(mailbox, ServerSettings("localhost", rude.port, STARTTLS, USER, PASSWORD), sink, alice)
    message = _tried(_answer(conversation, alice))
    assert (message.delivery, sink.received) == (DEFERRED, [])
    with clock.at(clock.now() + timedelta(minutes=16)):
        assert deliver_next(Outgoing())
    message.refresh_from_db()
    assert message.delivery == SENT
    assert [mail.message["Message-ID"] for mail in sink.received] == [message.rfc_id]


@pytest.mark.parametrize(
    ("way", "state"), [("close", UNCERTAIN), ("554 5.7.1 No", REFUSED), ("451 4.3.0 No", DEFERRED)]
)
def test_once_a_server_may_have_the_mail_no_other_is_asked(
    sink: SmtpSink, rude: RudeSmtp, mailbox: Mailbox, conversation: Conversation, alice: User, way: str, state: str
) -> None:
    rude.fail("dot", way)
    _with_spare(mailbox, ServerSettings("localhost", rude.port, STARTTLS, USER, PASSWORD), sink, alice)
    Route.objects.filter(rank=0).update(failing_since=clock.now() - timedelta(days=1))
    assert _tried(_answer(conversation, alice)).delivery == state
    assert sink.received == []


def test_when_both_are_away_both_are_named(
    sink: SmtpSink, mailbox: Mailbox, conversation: Conversation, alice: User
) -> None:
    ports = free_port(), free_port()
    send_through(mailbox, server=ServerSettings("localhost", ports[0], NO_TLS), by=alice)
    send_through(mailbox, server=ServerSettings("localhost", ports[1], NO_TLS), rank=SPARE, by=alice)
    message = _tried(_answer(conversation, alice))
    assert message.delivery == DEFERRED
    assert all(str(port) in message.delivery_words for port in ports)


def test_replies_that_are_to_wait_do_not_leave_by_the_spare_server(
    sink: SmtpSink, mailbox: Mailbox, conversation: Conversation, alice: User
) -> None:
    _with_spare(mailbox, _open(sink), sink, alice)
    send_later(mailbox, by=alice)
    assert _tried(_answer(conversation, alice)).delivery == DEFERRED
    assert sink.received == []


def test_one_of_three_is_turned_away_and_named(
    sink: SmtpSink, mailbox: Mailbox, conversation: Conversation, alice: User
) -> None:
    send_through(mailbox, server=_open(sink), by=alice)
    sink.refuse("RCPT", "550 5.1.1 No such person", times=1)
    message = _tried(_answer(conversation, alice, cc=["Tom@bücher.example"], bcc=["boss@velo.example"]))
    assert message.delivery == SENT
    rows = {row.email: (row.state, row.status) for row in message.deliveries.all()}
    assert rows == {
        "ann@customers.example": (TURNED_AWAY, "5.1.1"),
        "tom@bücher.example": (TAKEN, "2.1.5"),
        "boss@velo.example": (TAKEN, "2.1.5"),
    }
    assert sink.received[0].recipients == ("Tom@xn--bcher-kva.example", "boss@velo.example")


def test_one_who_is_put_off_gets_the_same_mail_later(
    sink: SmtpSink, mailbox: Mailbox, conversation: Conversation, alice: User
) -> None:
    send_through(mailbox, server=_open(sink), by=alice)
    sink.refuse("RCPT", "450 4.2.1 Greylisted", times=1)
    message = _tried(_answer(conversation, alice, cc=["tom@x.example"]))
    assert message.delivery == DEFERRED
    mailbox.signature = "Changed in between"
    mailbox.save()
    assert _tried(message).delivery == SENT
    first, second = sink.received
    assert (first.recipients, second.recipients) == (("tom@x.example",), ("ann@customers.example",))
    assert first.content == second.content


def test_a_mailbox_sends_so_many_a_minute_and_says_when_the_next_leaves(
    sink: SmtpSink, mailbox: Mailbox, conversation: Conversation, alice: User
) -> None:
    send_through(mailbox, server=_open(sink), by=alice)
    _rules(mailbox, alice, minute=2)
    messages = [_answer(conversation, alice) for _time in range(5)]
    start = clock.now()
    with clock.at(start):
        while deliver_next(Outgoing()):
            pass
    assert len(sink.received) == 2
    waiting = list(Message.objects.filter(delivery=DEFERRED).order_by("send_after"))
    assert [message.attempts for message in waiting] == [0, 0, 0]
    assert "2 mails a minute at most" in waiting[0].delivery_words
    minutes = [round((message.send_after - start).total_seconds() / 60) for message in waiting if message.send_after]
    assert minutes == [1, 1, 2]
    with clock.at(start + timedelta(minutes=1, seconds=1)):
        while deliver_next(Outgoing()):
            pass
    assert len(sink.received) == 4
    with clock.at(start + timedelta(minutes=3)):
        while deliver_next(Outgoing()):
            pass
    assert sorted(mail.message["Message-ID"] for mail in sink.received) == sorted(m.rfc_id for m in messages)


def test_a_try_that_hands_nothing_over_takes_no_turn(
    sink: SmtpSink, mailbox: Mailbox, conversation: Conversation, alice: User
) -> None:
    send_through(mailbox, server=_open(sink), by=alice)
    _rules(mailbox, alice, day=1)
    sink.refuse("MAIL", "451 4.3.0 Later", times=1)
    message = _tried(_answer(conversation, alice))
    assert (message.delivery, Departure.objects.count()) == (DEFERRED, 0)
    assert _tried(message).delivery == SENT


@pytest.mark.django_db(transaction=True)
def test_several_workers_keep_to_the_rate_together(mailbox: Mailbox, alice: User) -> None:
    conversation = filed(letter(), mailbox=mailbox).conversation
    _rules(mailbox, alice, minute=5)
    messages = [_answer(conversation, alice) for _time in range(16)]
    taken: list[int] = []

    def work(mine: list[Message]) -> None:
        try:
            for message in mine:
                try:
                    if take_turn(mailbox, counted_as=message.pk):
                        taken.append(message.pk)
                except Held:
                    continue
        finally:
            connection.close()

    threads = [threading.Thread(target=work, args=(messages[start::4],)) for start in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(taken) == 5


def test_a_mail_that_is_too_large_is_refused_before_it_is_sent(
    rude: RudeSmtp, sink: SmtpSink, mailbox: Mailbox, conversation: Conversation, alice: User
) -> None:
    server = ServerSettings("localhost", rude.port, STARTTLS, USER, PASSWORD)
    send_through(mailbox, server=server, by=alice)
    file = attach(conversation, by=alice, name="film.bin", content_type="video/mp4", data=b"x" * 900_000)
    message = _tried(_answer(conversation, alice, attachments=[file]))
    assert message.delivery == REFUSED
    assert "1.2 MB" in message.delivery_words
    assert "takes 1.0 MB at most" in message.delivery_words
    assert rude.kept == []
    # Known since then, the next one is told before it is queued.
    assert "takes 1.0 MB at most" in too_large(mailbox, written=100, files=900_000)
    assert too_large(mailbox, written=100, files=700_000) == ""


def test_a_mail_that_is_too_large_for_the_first_leaves_by_the_second(
    sink: SmtpSink, rude: RudeSmtp, mailbox: Mailbox, conversation: Conversation, alice: User
) -> None:
    _with_spare(mailbox, ServerSettings("localhost", rude.port, STARTTLS, USER, PASSWORD), sink, alice)
    file = attach(conversation, by=alice, name="film.bin", content_type="video/mp4", data=b"x" * 900_000)
    assert _tried(_answer(conversation, alice, attachments=[file])).delivery == SENT
    assert (rude.kept, len(sink.received)) == ([], 1)


@pytest.mark.parametrize("offers", [("SMTPUTF8", "8BITMIME"), ()])
def test_an_address_beyond_a_to_z_needs_a_server_that_takes_it(
    sink: SmtpSink, rude: RudeSmtp, mailbox: Mailbox, conversation: Conversation, alice: User, offers: tuple[str, ...]
) -> None:
    rude.offers = offers
    send_through(mailbox, server=ServerSettings("localhost", rude.port, STARTTLS, USER, PASSWORD), by=alice)
    message = _tried(_answer(conversation, alice, to=["Jörg <jörg@bücher.example>"], cc=["ann@customers.example"]))
    if not offers:
        assert message.delivery == REFUSED
        assert "letters beyond a to z" in message.delivery_words
        return
    assert message.delivery == SENT
    [begun] = [words for words in rude.said if words.startswith("mail FROM")]
    assert begun.endswith(" SMTPUTF8 BODY=8BITMIME")
    assert "rcpt TO:<jörg@xn--bcher-kva.example>" in rude.said
    assert "<jörg@xn--bcher-kva.example>".encode() in rude.kept[0]
