import socket
import threading
from collections.abc import Iterator
from dataclasses import replace
from typing import Unpack

import pytest
from pytest_django import Settings

from postroom.channels.mail.actions.ways import send_through
from postroom.channels.mail.models import NO_TLS, STARTTLS, TLS, Route
from postroom.channels.mail.parse import parse
from postroom.channels.mail.server_settings import ServerSettings
from postroom.channels.mail.transports.outgoing import Outgoing
from postroom.core.accounts.models import Mailbox, User
from postroom.core.conversations.actions.reply import reply
from postroom.core.conversations.models import Message
from postroom.core.conversations.models.message import DEFERRED, REFUSED, SENT, UNCERTAIN
from postroom.core.outbox.deliver import deliver_next
from postroom.lib import clock
from tests.channels.mail.letters import filed, letter
from tests.channels.mail.transports.server_changes import ServerChanges
from tests.servers.processes import free_port
from tests.servers.smtp_sink import PASSWORD, USER, SmtpSink


@pytest.fixture
def sink(smtp_sink: SmtpSink, settings: Settings) -> SmtpSink:
    """The sink, whose authority we trust."""
    settings.POSTROOM_CA_FILE = str(smtp_sink.authority)
    return smtp_sink


@pytest.fixture
def answer(mailbox: Mailbox, alice: User) -> Message:
    """Alice's answer to Ann, due at once."""
    first = filed(letter(), mailbox=mailbox)
    return reply(first.conversation, by=alice, html="<p>It left.</p>", send_after=clock.now())


def _delivered(message: Message, server: ServerSettings, alice: User) -> Message:
    """Let the outbox try once by this server, and return the message as it is then."""
    send_through(message.conversation.mailbox, server=server, by=alice)
    assert deliver_next(Outgoing())
    message.refresh_from_db()
    return message


def _server(sink: SmtpSink, **changes: Unpack[ServerChanges]) -> ServerSettings:
    return replace(ServerSettings("localhost", sink.port, STARTTLS, USER, PASSWORD), **changes)


def test_a_reply_leaves_signed_in_and_encrypted(sink: SmtpSink, answer: Message, alice: User) -> None:
    assert _delivered(answer, _server(sink), alice).delivery == SENT
    assert answer.delivery_words == "250 2.0.0 Kept"
    mail = sink.received[0]
    assert (mail.user, mail.encrypted) == (USER, True)
    assert (mail.sender, mail.recipients) == ("support@velo.example", ("ann@customers.example",))
    assert mail.message["Message-ID"] == answer.rfc_id
    assert mail.message["In-Reply-To"] == "<1@customers.example>"


def test_a_reply_leaves_by_tls_from_the_start(sink: SmtpSink, answer: Message, alice: User) -> None:
    assert _delivered(answer, _server(sink, port=sink.tls_port, security=TLS), alice).delivery == SENT
    assert sink.received[0].encrypted


def test_a_reply_leaves_without_a_password_where_none_is_asked(sink: SmtpSink, answer: Message, alice: User) -> None:
    server = _server(sink, port=sink.open_port, security=NO_TLS, username="", password="")
    assert _delivered(answer, server, alice).delivery == SENT


def test_a_line_that_begins_with_a_dot_arrives_whole(sink: SmtpSink, answer: Message, alice: User) -> None:
    Message.objects.filter(pk=answer.pk).update(text=".\n..\n.hidden", untrusted_html="<p>.</p>")
    answer.refresh_from_db()
    _delivered(answer, _server(sink), alice)
    assert parse(sink.received[0].content).text.startswith(".\n..\n.hidden\n")


def test_a_wrong_password_is_told_in_the_servers_words(sink: SmtpSink, answer: Message, alice: User) -> None:
    assert _delivered(answer, _server(sink, password="wrong"), alice).delivery == REFUSED
    assert "The server at localhost refused the user name or password (535 " in answer.delivery_words
    assert Route.objects.get().last_error == answer.delivery_words
    assert not sink.received


@pytest.mark.parametrize("stage", ["MAIL", "RCPT", "DATA"])
@pytest.mark.parametrize(("reply_line", "state"), [("451 4.3.0 Not now", DEFERRED), ("554 5.7.1 Never", REFUSED)])
def test_a_refusal_is_told_in_the_servers_words(
    sink: SmtpSink, answer: Message, alice: User, stage: str, reply_line: str, state: str
) -> None:
    sink.refuse(stage, reply_line)
    assert _delivered(answer, _server(sink), alice).delivery == state
    assert reply_line in answer.delivery_words
    assert not sink.received


def test_a_recipient_who_is_refused_is_named_and_the_others_get_it(
    sink: SmtpSink, answer: Message, alice: User
) -> None:
    Message.objects.filter(pk=answer.pk).update(cc=[{"name": "", "email": "tom@customers.example"}])
    sink.refuse("RCPT", "550 5.1.1 No such person", times=1)
    assert _delivered(answer, _server(sink), alice).delivery == SENT
    assert "ann@customers.example (550 5.1.1 No such person)" in answer.delivery_words
    assert sink.received[0].recipients == ("tom@customers.example",)


def test_a_deferred_reply_leaves_at_the_next_try(sink: SmtpSink, answer: Message, alice: User) -> None:
    sink.refuse("DATA", "451 4.3.0 Not now", times=1)
    assert _delivered(answer, _server(sink), alice).delivery == DEFERRED
    assert answer.send_after
    with clock.at(answer.send_after):
        assert deliver_next(Outgoing())
    answer.refresh_from_db()
    assert answer.delivery == SENT
    assert [mail.message["Message-ID"] for mail in sink.received] == [answer.rfc_id]


def test_a_line_that_drops_after_the_mail_leaves_it_uncertain(sink: SmtpSink, answer: Message, alice: User) -> None:
    sink.drop("DATA")
    assert _delivered(answer, _server(sink), alice).delivery == UNCERTAIN
    assert "went dead" in answer.delivery_words
    assert not deliver_next(Outgoing())
    assert len(sink.received) == 1


@pytest.mark.parametrize("stage", ["MAIL", "RCPT"])
def test_a_line_that_drops_before_the_mail_is_tried_again(
    sink: SmtpSink, answer: Message, alice: User, stage: str
) -> None:
    sink.drop(stage)
    assert _delivered(answer, _server(sink), alice).delivery == DEFERRED


def test_a_server_that_is_not_there_is_tried_again(sink: SmtpSink, answer: Message, alice: User) -> None:
    port = free_port()
    assert _delivered(answer, _server(sink, port=port), alice).delivery == DEFERRED
    assert answer.delivery_words == f"localhost is there, but nothing listens on port {port}. Check the port."


def test_a_certificate_nobody_vouches_for_stops_the_mail(smtp_sink: SmtpSink, answer: Message, alice: User) -> None:
    assert _delivered(answer, _server(smtp_sink), alice).delivery == DEFERRED
    assert "The certificate of localhost is not trusted" in answer.delivery_words
    assert not smtp_sink.received


def test_starttls_that_is_not_offered_is_never_done_without(sink: SmtpSink, answer: Message, alice: User) -> None:
    assert _delivered(answer, _server(sink, port=sink.open_port), alice).delivery == REFUSED
    assert "does not offer STARTTLS" in answer.delivery_words
    assert not sink.received


def test_a_mailbox_without_a_way_out_keeps_its_replies(answer: Message) -> None:
    assert deliver_next(Outgoing())
    answer.refresh_from_db()
    assert answer.delivery == DEFERRED
    assert "has no way out yet" in answer.delivery_words


def test_a_reply_that_waited_for_a_way_out_leaves_when_there_is_one(
    sink: SmtpSink, answer: Message, alice: User
) -> None:
    assert deliver_next(Outgoing())
    assert not deliver_next(Outgoing())
    assert _delivered(answer, _server(sink), alice).delivery == SENT


@pytest.fixture
def mumbling_port() -> Iterator[int]:
    """A port where something speaks, but not SMTP."""
    with socket.create_server(("127.0.0.1", 0)) as listening:

        def mumble() -> None:
            line, _address = listening.accept()
            with line:
                line.sendall(b"SSH-2.0-OpenSSH_9.2\r\n")
                line.recv(1000)

        thread = threading.Thread(target=mumble)
        thread.start()
        yield listening.getsockname()[1]
        thread.join()


def test_a_port_that_speaks_something_else_is_said(
    mumbling_port: int, sink: SmtpSink, answer: Message, alice: User
) -> None:
    assert _delivered(answer, _server(sink, port=mumbling_port), alice).delivery in (DEFERRED, REFUSED)
    assert "localhost" in answer.delivery_words
