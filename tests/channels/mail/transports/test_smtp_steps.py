"""Every step of handing a mail over, failing in every way: nothing is lost, nothing doubled, nothing said in clear."""

from collections.abc import Callable, Iterator

import pytest
from pytest_django import Settings

from postroom.channels.mail.actions.ways import send_through
from postroom.channels.mail.models import STARTTLS, Route
from postroom.channels.mail.server_settings import ServerSettings
from postroom.channels.mail.transports import smtp
from postroom.channels.mail.transports.outgoing import Outgoing
from postroom.core.accounts.models import Mailbox, User
from postroom.core.conversations.actions.reply import reply
from postroom.core.conversations.models import Message
from postroom.core.conversations.models.message import DEFERRED, REFUSED, SENT, UNCERTAIN
from postroom.core.outbox.deliver import deliver_next
from postroom.lib import clock
from tests.channels.mail.letters import filed, letter
from tests.servers.certificates import Certificates
from tests.servers.rude_smtp import STEPS, RudeSmtp

USER, PASSWORD = "support@velo.example", "a-secret-that-is-said-over-tls-only"
_BEFORE_THE_DOT = [step for step in STEPS if step != "dot"]
_BROKEN = [(step, way) for step in _BEFORE_THE_DOT for way in ("close", "hang", "nonsense")]
_BROKEN += [(step, way) for step in ("banner", "RCPT") for way in ("endless", "line", "trickle")]
_ANSWERED = [step for step in _BEFORE_THE_DOT if step not in ("connect", "TLS")]


@pytest.fixture
def rude(certificate: Certificates, settings: Settings, monkeypatch: pytest.MonkeyPatch) -> Iterator[RudeSmtp]:
    """The server, trusted, and a sender with little time."""
    settings.POSTROOM_CA_FILE = str(certificate.authority)
    for name, seconds in (("SECONDS", 0.4), ("_SECONDS_TO_NAME", 1), ("_SECONDS_FOR_DATA", 1)):
        monkeypatch.setattr(smtp, name, seconds)
    monkeypatch.setattr(smtp, "SECONDS_AFTER_DATA", 0.6)
    server = RudeSmtp.start(certificate)
    yield server
    server.stop()


@pytest.fixture
def send(rude: RudeSmtp, mailbox: Mailbox, alice: User) -> Callable[[], Message]:
    """Let the outbox try once to send Alice's answer."""
    message = reply(
        filed(letter(), mailbox=mailbox).conversation, by=alice, html="<p>It left.</p>", send_after=clock.now()
    )
    send_through(mailbox, server=ServerSettings("localhost", rude.port, STARTTLS, USER, PASSWORD), by=alice)

    def once() -> Message:
        assert deliver_next(Outgoing())
        message.refresh_from_db()
        return message

    return once


def _again(message: Message, rude: RudeSmtp) -> Message:
    """Let time pass and the server behave, and try what is to be tried."""
    rude.fail("", "")
    assert message.send_after
    with clock.at(message.send_after):
        assert deliver_next(Outgoing())
    message.refresh_from_db()
    return message


def _nothing_in_clear(rude: RudeSmtp) -> bool:
    return b"AUTH" not in rude.clear and b"MAIL" not in rude.clear


def test_when_nothing_fails_it_is_sent(rude: RudeSmtp, send: Callable[[], Message]) -> None:
    assert send().delivery == SENT
    assert len(rude.kept) == 1
    assert Route.objects.get().max_size == 1_000_000
    assert _nothing_in_clear(rude)


@pytest.mark.parametrize(("step", "way"), _BROKEN)
def test_what_breaks_before_the_mail_was_handed_over_is_tried_again(
    rude: RudeSmtp, send: Callable[[], Message], step: str, way: str
) -> None:
    rude.fail(step, way)
    message = send()
    assert message.delivery == DEFERRED, message.delivery_words
    assert message.delivery_words
    assert not rude.kept
    assert _again(message, rude).delivery == SENT
    assert len(rude.kept) == 1
    assert _nothing_in_clear(rude)


@pytest.mark.parametrize("step", _ANSWERED)
def test_not_now_is_tried_again(rude: RudeSmtp, send: Callable[[], Message], step: str) -> None:
    rude.fail(step, "451 4.3.0 Not now")
    message = send()
    assert message.delivery == DEFERRED
    assert "Not now" in message.delivery_words
    assert _again(message, rude).delivery == SENT
    assert len(rude.kept) == 1


@pytest.mark.parametrize("step", [step for step in _ANSWERED if step != "EHLO"])
def test_never_waits_for_a_person(rude: RudeSmtp, send: Callable[[], Message], step: str) -> None:
    rude.fail(step, "554 5.7.1 Never")
    message = send()
    assert message.delivery == REFUSED
    assert "Never" in message.delivery_words
    assert not deliver_next(Outgoing())
    assert not rude.kept
    assert _nothing_in_clear(rude)


@pytest.mark.parametrize("keeps", [True, False])
@pytest.mark.parametrize("way", ["close", "hang", "nonsense", "endless", "line", "trickle"])
def test_what_breaks_after_the_dot_is_uncertain_and_stays_so(
    rude: RudeSmtp, send: Callable[[], Message], way: str, keeps: bool
) -> None:
    rude.fail("dot", way, keeps=keeps)
    assert send().delivery == UNCERTAIN
    rude.fail("", "")
    assert not deliver_next(Outgoing())
    assert len(rude.kept) == int(keeps)


@pytest.mark.parametrize(
    ("words", "state"), [("451 4.3.0 Not now", DEFERRED), ("554 5.7.1 Spam", REFUSED), ("200 what", SENT)]
)
def test_an_answer_after_the_dot_counts_as_it_is(
    rude: RudeSmtp, send: Callable[[], Message], words: str, state: str
) -> None:
    rude.fail("dot", words, keeps=state == SENT)
    assert send().delivery == state


def test_words_slipped_in_before_tls_are_not_taken_for_the_servers(rude: RudeSmtp, send: Callable[[], Message]) -> None:
    rude.fail("STARTTLS", "220 Go\r\n250 2.0.0 Slipped in")
    assert send().delivery == DEFERRED
    assert _nothing_in_clear(rude)
