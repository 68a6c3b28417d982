import smtplib
from collections.abc import Iterator
from pathlib import Path

import pytest
from pytest_django import Settings

from postroom.channels.mail.models import IncomingMail
from postroom.channels.mail.transports.lmtp import LmtpDoor
from postroom.core.accounts.models import Mailbox
from postroom.core.storage import blobs
from tests.channels.mail.letters import letter

# Threads of the door see only what is committed.
pytestmark = pytest.mark.django_db(transaction=True)
SUPPORT = "support@velo.example"


@pytest.fixture
def support(transactional_db: None) -> Mailbox:
    """A mailbox that other connections see."""
    return Mailbox.objects.create(name="Support", address=SUPPORT)


@pytest.fixture
def line(support: Mailbox) -> Iterator[smtplib.LMTP]:
    """A connection to a door of our own."""
    door = LmtpDoor(host="127.0.0.1", port=0)
    with smtplib.LMTP("127.0.0.1", door.open(), local_hostname="mta.example", timeout=30) as session:
        session.ehlo_or_helo_if_needed()
        yield session
    door.close()


def _deliver(line: smtplib.LMTP, raw: bytes, *recipients: str, sender: str = "") -> list[tuple[int, bytes]]:
    """Hand a mail in, and return the answers, one for each accepted recipient."""
    assert line.mail(sender)[0] == 250
    taken = [recipient for recipient in recipients if line.rcpt(recipient)[0] == 250]
    assert line.docmd("DATA")[0] == 354
    line.send(raw.replace(b"\n", b"\r\n") + b"\r\n.\r\n")
    return [line.getreply() for _ in taken]


def test_the_mail_is_stored_when_the_door_says_so(line: smtplib.LMTP, support: Mailbox) -> None:
    assert _deliver(line, letter(), SUPPORT, sender="ann@customers.example")[0][0] == 250
    mail = IncomingMail.objects.get()
    assert (mail.mailbox, mail.envelope_from, mail.envelope_to) == (support, "ann@customers.example", SUPPORT)
    assert b"Where is my bicycle?" in blobs().get(mail.digest)


def test_each_recipient_gets_an_answer_of_its_own(line: smtplib.LMTP, support: Mailbox) -> None:
    Mailbox.objects.create(name="Sales", address="sales@velo.example")
    answers = _deliver(line, letter(), SUPPORT, "nobody@velo.example", "sales@velo.example", "Support+vip@velo.example")
    assert [code for code, _words in answers] == [250, 250, 250]
    assert IncomingMail.objects.count() == 2


def test_an_unknown_recipient_is_refused_with_a_sentence(line: smtplib.LMTP) -> None:
    line.mail("")
    assert line.rcpt("nobody@velo.example") == (550, b"5.1.1 There is no mailbox nobody@velo.example here.")


def test_a_line_longer_than_the_standard_is_taken(line: smtplib.LMTP) -> None:
    assert _deliver(line, letter() + b"x" * 200_000, SUPPORT)[0][0] == 250


def test_a_mail_that_is_too_large_is_refused_for_each_recipient(settings: Settings, support: Mailbox) -> None:
    settings.POSTROOM_MAX_MAIL_BYTES = 100_000
    Mailbox.objects.create(name="Sales", address="sales@velo.example")
    door = LmtpDoor(host="127.0.0.1", port=0)
    with smtplib.LMTP("127.0.0.1", door.open(), local_hostname="mta.example", timeout=30) as session:
        session.ehlo_or_helo_if_needed()
        answers = _deliver(session, b"x" * 70 + b"\n" + (b"y" * 70 + b"\n") * 3000, SUPPORT, "sales@velo.example")
        assert [code for code, _words in answers] == [552, 552]
        assert session.noop()[0] == 250
    door.close()
    assert not IncomingMail.objects.exists()


def test_a_disk_that_refuses_means_try_again(line: smtplib.LMTP, settings: Settings, tmp_path: Path) -> None:
    (tmp_path / "blobs").write_text("")
    settings.POSTROOM_DATA = tmp_path
    assert (
        _deliver(line, letter(), SUPPORT, "support+again@velo.example")
        == [(451, b"4.3.0 The mail cannot be stored at the moment; nothing was lost, try again later.")] * 2
    )
    assert not IncomingMail.objects.exists()


def test_a_connection_that_breaks_off_leaves_nothing(line: smtplib.LMTP) -> None:
    line.mail("")
    line.rcpt(SUPPORT)
    line.docmd("DATA")
    line.send(letter())
    line.close()
    assert not IncomingMail.objects.exists()
