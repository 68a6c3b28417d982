"""Mail is signed with the domain's key, and whoever has the record that we show can check it."""

import dkim
import pytest

from postroom.channels.mail.actions.sending import make_signing_key, sign_mail, stop_signing
from postroom.channels.mail.actions.ways import send_through
from postroom.channels.mail.models import NO_TLS, DkimKey
from postroom.channels.mail.server_settings import ServerSettings
from postroom.channels.mail.signing import record_text
from postroom.channels.mail.transports.outgoing import Outgoing
from postroom.core.accounts.models import Mailbox, User
from postroom.core.conversations.actions.reply import reply
from postroom.core.conversations.models import Conversation, Message
from postroom.core.conversations.models.message import REFUSED, SENT
from postroom.core.outbox.deliver import deliver_next
from postroom.lib import clock
from tests.channels.mail.letters import filed, letter
from tests.servers.smtp_sink import SmtpSink


@pytest.fixture
def conversation(mailbox: Mailbox, smtp_sink: SmtpSink, alice: User) -> Conversation:
    """Ann asked something, and there is a way out for the answer."""
    send_through(mailbox, server=ServerSettings("localhost", smtp_sink.open_port, NO_TLS), by=alice)
    return filed(letter(), mailbox=mailbox).conversation


def _answer(conversation: Conversation, by: User) -> Message:
    return reply(conversation, by=by, html="<p>It left.</p>", send_after=clock.now())


def _tried(message: Message) -> Message:
    assert deliver_next(Outgoing())
    message.refresh_from_db()
    return message


def test_signed_mail_is_verified_with_the_record_that_is_shown(
    smtp_sink: SmtpSink, mailbox: Mailbox, conversation: Conversation, alice: User
) -> None:
    key = make_signing_key(mailbox, by=alice)
    assert make_signing_key(mailbox, by=alice) == key
    assert b"DKIM-Signature" not in _sent(smtp_sink, _answer(conversation, alice))
    assert sign_mail(mailbox, by=alice)
    raw = _sent(smtp_sink, _answer(conversation, alice))
    assert raw.startswith(b"DKIM-Signature: v=1; a=rsa-sha256;")
    assert max(map(len, raw.split(b"\r\n"))) <= 998
    asked: list[bytes] = []

    def dns(name: bytes, timeout: int = 5) -> bytes:
        asked.append(name)
        return record_text(key).encode()

    assert dkim.verify(raw, dnsfunc=dns)
    assert asked == [f"{key.selector}._domainkey.velo.example.".encode()]
    assert not dkim.verify(raw.replace(b"Order 118", b"Order 119"), dnsfunc=dns)
    assert "PRIVATE" not in key.sealed_key
    assert stop_signing(mailbox, by=alice)
    assert b"DKIM-Signature" not in _sent(smtp_sink, _answer(conversation, alice))


def test_a_key_that_cannot_be_opened_stops_the_mail(
    smtp_sink: SmtpSink, mailbox: Mailbox, conversation: Conversation, alice: User
) -> None:
    make_signing_key(mailbox, by=alice)
    sign_mail(mailbox, by=alice)
    DkimKey.objects.update(sealed_key="broken")
    message = _tried(_answer(conversation, alice))
    assert message.delivery == REFUSED
    assert "key that signs" in message.delivery_words


def _sent(sink: SmtpSink, message: Message) -> bytes:
    assert _tried(message).delivery == SENT
    content = sink.received[-1].content
    return content if content.endswith(b"\r\n") else content + b"\r\n"
