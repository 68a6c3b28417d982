"""What left lies in the Sent folder once, and nothing there changes what became of the reply."""

import time
from collections.abc import Callable
from datetime import timedelta

import pytest
from pytest_django import Settings

from postroom.channels.mail.actions.sending import change_rules
from postroom.channels.mail.actions.ways import fetch_from, send_through
from postroom.channels.mail.models import (
    COPY_ALWAYS,
    COPY_GIVEN_UP,
    COPY_LAID,
    COPY_NEVER,
    COPY_WAITING,
    NO_TLS,
    TLS,
    Route,
    SentCopy,
)
from postroom.channels.mail.server_settings import ServerSettings
from postroom.channels.mail.transports.outgoing import Outgoing
from postroom.channels.mail.transports.sent_copy import copy_next
from postroom.core.accounts.models import Mailbox, User
from postroom.core.conversations.actions.reply import reply
from postroom.core.conversations.models import Message
from postroom.core.conversations.models.message import SENT
from postroom.core.outbox.deliver import deliver_next
from postroom.core.storage import blobs
from postroom.lib import clock
from tests.channels.mail.letters import filed, letter
from tests.servers.dovecot import PASSWORD, Dovecot
from tests.servers.processes import free_port
from tests.servers.smtp_sink import SmtpSink

pytestmark = pytest.mark.dovecot

Send = Callable[[], Message]


@pytest.fixture
def account(dovecot: Dovecot, mailbox: Mailbox, alice: User, settings: Settings) -> str:
    """The name of an account that the mailbox fetches its mail from."""
    settings.POSTROOM_CA_FILE = str(dovecot.authority)
    name = f"s{time.time_ns()}"
    server = ServerSettings("localhost", dovecot.tls_port, TLS, name, PASSWORD)
    fetch_from(mailbox, server=server, by=alice)
    return name


@pytest.fixture
def send(account: str, smtp_sink: SmtpSink, mailbox: Mailbox, alice: User) -> Send:
    """Send an answer of Alice's."""
    send_through(mailbox, server=ServerSettings("localhost", smtp_sink.open_port, NO_TLS), by=alice)
    conversation = filed(letter(), mailbox=mailbox).conversation

    def once() -> Message:
        message = reply(conversation, by=alice, html="<p>It left.</p>", send_after=clock.now())
        assert deliver_next(Outgoing())
        message.refresh_from_db()
        assert message.delivery == SENT
        return message

    return once


def _in(dovecot: Dovecot, account: str, folder: str = "Sent") -> list[bytes]:
    with dovecot.session(account) as session:
        if session.select(f'"{folder}"')[0] != "OK":
            return []
        numbers = session.search(None, "ALL")[1][0].split()
        return [session.fetch(number.decode(), "(FLAGS BODY.PEEK[])")[1][0][1] for number in numbers]  # type: ignore[index,misc]


def _later(hours: int = 1) -> None:
    with clock.at(clock.now() + timedelta(hours=hours)):
        while copy_next():
            pass


def test_what_left_lies_in_the_sent_folder_to_the_last_byte(
    dovecot: Dovecot, account: str, send: Send, smtp_sink: SmtpSink
) -> None:
    message = send()
    assert copy_next()
    assert not copy_next()
    [kept] = _in(dovecot, account)
    assert kept == blobs().get(message.raw_digest)
    assert kept.rstrip() == smtp_sink.received[0].content.rstrip()
    assert SentCopy.objects.get().state == COPY_LAID


def test_a_copy_whose_worker_died_after_it_was_laid_is_not_laid_again(
    dovecot: Dovecot, account: str, send: Send
) -> None:
    send()
    assert copy_next()
    SentCopy.objects.update(state=COPY_WAITING, next_try_at=clock.now())
    assert copy_next()
    assert len(_in(dovecot, account)) == 1
    assert SentCopy.objects.get().state == COPY_LAID


def test_several_are_laid_on_one_line(dovecot: Dovecot, account: str, send: Send) -> None:
    for _time in range(3):
        send()
    assert copy_next()
    assert not copy_next()
    assert len(_in(dovecot, account)) == 3


def test_a_server_that_is_away_is_waited_for_and_nothing_is_sent_again(
    dovecot: Dovecot, account: str, send: Send, mailbox: Mailbox, alice: User, smtp_sink: SmtpSink
) -> None:
    away = ServerSettings("localhost", free_port(), TLS, account, PASSWORD)
    fetch_from(mailbox, server=away, by=alice)
    message = send()
    assert copy_next()
    copy = SentCopy.objects.get()
    assert (copy.state, copy.attempts) == (COPY_WAITING, 1)
    assert "nothing listens" in copy.words
    assert not copy_next()
    fetch_from(mailbox, server=ServerSettings("localhost", dovecot.tls_port, TLS, account, PASSWORD), by=alice)
    _later()
    assert len(_in(dovecot, account)) == 1
    message.refresh_from_db()
    assert (message.delivery, len(smtp_sink.received)) == (SENT, 1)


def test_a_server_that_stays_away_is_given_up(account: str, send: Send, mailbox: Mailbox, alice: User) -> None:
    fetch_from(mailbox, server=ServerSettings("localhost", free_port(), TLS, account, PASSWORD), by=alice)
    message = send()
    for day in range(1, 30):
        _later(hours=24 * day)
    assert SentCopy.objects.get().state == COPY_GIVEN_UP
    message.refresh_from_db()
    assert message.delivery == SENT


def test_the_folder_that_the_account_has_is_taken(dovecot: Dovecot, account: str, send: Send) -> None:
    dovecot.append(account, letter(), mailbox='"Gesendete Elemente"')
    send()
    assert copy_next()
    assert len(_in(dovecot, account, "Gesendete Elemente")) == 2


@pytest.mark.parametrize(
    ("choice", "host", "copies"),
    [
        ("auto", "smtp.gmail.com", 0),
        ("auto", "smtp.office365.com", 0),
        (COPY_ALWAYS, "smtp.gmail.com", 1),
        (COPY_NEVER, "", 0),
    ],
)
def test_a_provider_that_keeps_sent_mail_gets_no_second_copy(
    send: Send, mailbox: Mailbox, alice: User, choice: str, host: str, copies: int, account: str
) -> None:
    change_rules(mailbox, per_minute=None, per_day=None, spare_after=15, keep_copy=choice, by=alice)
    message = send()
    SentCopy.objects.all().delete()
    if host:
        Route.objects.update(host=host)
    Outgoing().left(message)
    assert SentCopy.objects.count() == copies


def test_a_mailbox_without_an_account_lays_no_copies(mailbox: Mailbox, alice: User, smtp_sink: SmtpSink) -> None:
    send_through(mailbox, server=ServerSettings("localhost", smtp_sink.open_port, NO_TLS), by=alice)
    reply(filed(letter(), mailbox=mailbox).conversation, by=alice, html="<p>x</p>", send_after=clock.now())
    assert deliver_next(Outgoing())
    assert SentCopy.objects.count() == 0
