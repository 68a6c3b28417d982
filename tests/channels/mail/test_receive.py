from datetime import timedelta
from pathlib import Path

import pytest
from pytest_django import Settings

from postroom.channels.mail import claims, reading, receive
from postroom.channels.mail.intake import CannotStore, accept
from postroom.channels.mail.models import DUPLICATE, FILED, IncomingMail
from postroom.channels.mail.receive import file_next
from postroom.core.accounts.models import Mailbox
from postroom.core.conversations.models import OPEN, Conversation, Message
from postroom.core.events.models import Event
from postroom.core.storage import blobs
from postroom.lib import clock
from tests.channels.mail.letters import filed, letter, take_in


def test_a_mail_becomes_an_open_conversation(mailbox: Mailbox) -> None:
    message = filed(letter(), mailbox=mailbox)
    conversation = message.conversation
    assert (conversation.subject, conversation.status, conversation.contact.email) == (
        "Order 118",
        OPEN,
        "ann@customers.example",
    )
    assert message.text.strip() == "Where is my bicycle?"
    assert Event.objects.get(message_id=message.pk).kind == "message.received"


def test_the_original_bytes_can_be_had_again(mailbox: Mailbox) -> None:
    raw = letter()
    assert blobs().get(filed(raw, mailbox=mailbox).raw_digest) == raw


def test_the_list_shows_what_is_new_and_not_what_is_quoted(mailbox: Mailbox) -> None:
    message = filed(
        letter("It came.\n\nOn Mon, 2 Nov 2026 at 10:12, Alice <support@velo.example> wrote:\n> Your bicycle left.\n"),
        mailbox=mailbox,
    )
    assert message.conversation.snippet == "It came."


def test_the_same_bytes_twice_are_one_message(mailbox: Mailbox) -> None:
    raw = letter()
    first, second = take_in(raw, mailbox=mailbox), take_in(raw, mailbox=mailbox)
    assert (first.state, second.state) == (FILED, DUPLICATE)
    assert second.duplicate_of == first
    assert second.message_id == first.message_id
    assert Message.objects.count() == 1


def test_the_same_bytes_to_two_mailboxes_are_two_messages(mailbox: Mailbox) -> None:
    other = Mailbox.objects.create(name="Sales", address="sales@velo.example")
    raw = letter()
    assert take_in(raw, mailbox=mailbox).state == take_in(raw, mailbox=other).state == FILED


def test_a_machines_equal_bare_mails_are_all_filed(mailbox: Mailbox) -> None:
    raw = b"From: counter@machines.example\r\nSubject: Paper is out\r\n\r\nTray 2\r\n"
    assert [take_in(raw, mailbox=mailbox).state for _ in range(2)] == [FILED, FILED]
    assert Message.objects.count() == 2


def test_a_source_key_makes_a_second_fetch_the_same_row(mailbox: Mailbox) -> None:
    rows = [accept(letter(), mailbox=mailbox, transport="imap", source_key="imap.1:7:1") for _ in range(2)]
    assert rows[0] == rows[1]
    assert IncomingMail.objects.count() == 1


@pytest.mark.parametrize("raw", [b"", b"\0\xff\xfe" * 400, b"\r\n" * 9, b"From: \r\n" + b"x: y\r\n" * 3000])
def test_bytes_that_nobody_understands_become_a_visible_conversation(mailbox: Mailbox, raw: bytes) -> None:
    message = filed(raw, mailbox=mailbox, envelope_from="mallory@elsewhere.example")
    assert message.conversation.status == OPEN
    assert message.problems
    assert blobs().get(message.raw_digest) == raw


def test_a_hostile_file_name_is_harmless(mailbox: Mailbox) -> None:
    message = filed(letter(files=(("../../etc/passwd\u202egpj.exe", b"x"),)), mailbox=mailbox)
    name = message.attachments.get().name
    assert "/" not in name
    assert "\u202e" not in name


def test_a_mail_that_killed_the_worker_three_times_is_filed_unread(mailbox: Mailbox) -> None:
    raw = letter()
    mail = accept(raw, mailbox=mailbox, transport="lmtp", envelope_from="mallory@elsewhere.example")
    moment = clock.now()
    for round_number in range(reading.TRIES):
        with clock.at(moment + round_number * 2 * claims.LEASE):
            assert claims.claim() is not None  # and here the worker dies
    with clock.at(moment + timedelta(hours=1)):
        assert file_next()
    mail.refresh_from_db()
    assert mail.message_id is not None
    message = Message.objects.get(pk=mail.message_id)
    assert message.text == reading.NOT_UNDERSTOOD
    assert message.from_email == "mallory@elsewhere.example"
    attached = message.attachments.get()
    assert (attached.name, blobs().get(attached.digest)) == ("mail.eml", raw)


def test_a_leased_mail_is_left_alone_until_the_lease_runs_out(mailbox: Mailbox) -> None:
    accept(letter(), mailbox=mailbox, transport="lmtp")
    assert claims.claim()
    assert claims.claim() is None
    assert not file_next()
    with clock.at(clock.now() + claims.LEASE + timedelta(seconds=1)):
        assert file_next()


def test_a_worker_that_was_overtaken_files_nothing(mailbox: Mailbox) -> None:
    accept(letter(), mailbox=mailbox, transport="lmtp")
    slow = claims.claim()
    assert slow
    with clock.at(clock.now() + 2 * claims.LEASE):
        assert file_next()
    receive._file(slow, reading=reading.read(slow))
    assert Message.objects.count() == 1


def test_a_lost_original_is_seen_by_the_team(mailbox: Mailbox) -> None:
    mail = accept(letter(), mailbox=mailbox, transport="lmtp")
    blobs().path(mail.digest).unlink()
    assert file_next()
    assert Message.objects.get().problems == [reading.BYTES_GONE]


def test_a_disk_that_refuses_is_said_and_nothing_is_kept(mailbox: Mailbox, settings: Settings, tmp_path: Path) -> None:
    # A file where the folder should be refuses like a broken disk does.
    settings.POSTROOM_DATA = tmp_path
    (tmp_path / "blobs").write_text("")
    with pytest.raises(CannotStore, match="could not be stored"):
        accept(letter(), mailbox=mailbox, transport="lmtp")
    assert not IncomingMail.objects.exists()


def test_a_broken_charset_and_a_nul_are_no_reason_to_refuse(mailbox: Mailbox) -> None:
    raw = b"From: =?x?Q?=00?= <ann@customers.example>\r\nSubject: a\0b\xff\r\nMessage-ID: <\0@x>\r\n\r\n\0\xff\r\n"
    assert take_in(raw, mailbox=mailbox).state == FILED
    assert Conversation.objects.count() == 1
