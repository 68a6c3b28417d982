"""The states in which a mail can end, and that it ends in one of them whatever happens at the same time."""

import hashlib
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
from django.db import connection
from pytest_django import Settings

from postroom.channels.mail.intake import accept
from postroom.channels.mail.models import DUPLICATE, FILED, PARKED, QUARANTINED, STORED, IncomingMail
from postroom.channels.mail.reading import TRIES
from postroom.channels.mail.reasons import BYTES_GONE, KILLED_READER, OWN_COPY
from postroom.channels.mail.receive import file_next
from postroom.core.accounts.models import Mailbox, Membership, User
from postroom.core.conversations.actions.close import close
from postroom.core.conversations.actions.reply import reply
from postroom.core.conversations.models import CLOSED, OPEN, Conversation, Message
from postroom.core.conversations.models.message import OUT, SENT
from postroom.core.events.models import Event
from postroom.core.storage import blobs
from postroom.lib import clock
from tests.channels.mail.letters import filed, letter, take_in

SENT_LETTER: dict[str, Any] = {"sender": "Support <support@velo.example>", "to": "Ann Peeters <ann@customers.example>"}


@pytest.fixture
def alice(mailbox: Mailbox) -> User:
    """Alice, who is on the mailbox."""
    alice = User.objects.create(email="alice@team.example", name="Alice")
    Membership.objects.create(mailbox=mailbox, user=alice)
    return alice


def test_a_mail_can_be_filed_in_the_commit_that_stores_it(mailbox: Mailbox) -> None:
    mail = accept(_never_seen(), mailbox=mailbox, transport="lmtp", at_once=True)
    row = IncomingMail.objects.get()
    assert (mail.pk, row.state, row.attempts) == (row.pk, FILED, 1)
    assert Message.objects.get().pk == row.message_id
    assert not file_next()


def test_bytes_that_are_known_go_the_long_way(mailbox: Mailbox) -> None:
    raw = _never_seen()
    first, again = (accept(raw, mailbox=mailbox, transport="lmtp", at_once=True) for _ in range(2))
    assert first.state == FILED
    assert again.state == STORED
    assert file_next()
    again.refresh_from_db()
    assert again.state == DUPLICATE


def test_what_cannot_be_filed_at_once_is_stored_with_its_try_counted(
    mailbox: Mailbox, settings: Settings, tmp_path: Path
) -> None:
    # A file where the folder of the attachment's bytes should be.
    settings.POSTROOM_DATA = tmp_path
    folder = blobs().path(hashlib.sha256(b"bell").hexdigest()).parent
    folder.parent.mkdir(parents=True)
    folder.write_text("")
    # The mail's own bytes must not belong in that folder too, as those of one in 256 would.
    letters = (letter(files=(("bell.txt", b"bell"),), subject=f"A bell, {n}") for n in range(100))
    raw = next(raw for raw in letters if blobs().path(hashlib.sha256(raw).hexdigest()).parent != folder)
    mail = accept(raw, mailbox=mailbox, transport="lmtp", at_once=True)
    assert (mail.state, mail.attempts) == (STORED, 1)
    assert not Message.objects.exists()
    folder.unlink()
    assert file_next()
    assert Message.objects.get().attachments.get().name == "bell.txt"


def test_the_row_says_where_the_mail_lay(mailbox: Mailbox) -> None:
    then = datetime(2026, 3, 1, 9, tzinfo=UTC)
    accept(letter(), mailbox=mailbox, transport="imap", uid=7, server_date=then)
    row = IncomingMail.objects.get()
    assert (row.uid, row.server_date) == (7, then)


def test_a_machines_answer_to_nothing_is_parked_with_a_reason(mailbox: Mailbox) -> None:
    mail = take_in(letter(Auto_Submitted="auto-replied", subject="Out of office"), mailbox=mailbox)
    assert (mail.state, mail.conversation_id) == (PARKED, None)
    assert mail.reason
    assert not Conversation.objects.exists()


@pytest.mark.parametrize(("attempts", "lost", "reason"), [(TRIES, False, KILLED_READER), (0, True, BYTES_GONE)])
def test_a_mail_that_nobody_can_read_is_quarantined_and_in_the_inbox(
    mailbox: Mailbox, *, attempts: int, lost: bool, reason: str
) -> None:
    mail = accept(letter(), mailbox=mailbox, transport="lmtp")
    IncomingMail.objects.update(attempts=attempts)
    if lost:
        blobs().path(mail.digest).unlink()
    assert file_next()
    mail.refresh_from_db()
    assert (mail.state, mail.reason) == (QUARANTINED, reason)
    assert Conversation.objects.get(pk=mail.conversation_id or 0).status == OPEN


def test_the_copy_of_our_own_reply_is_nothing_new(mailbox: Mailbox, alice: User) -> None:
    answer = reply(filed(letter(), mailbox=mailbox).conversation, by=alice, html="<p>It left.</p>")
    mail = _sent(letter(message_id=answer.rfc_id, **SENT_LETTER), mailbox=mailbox)
    assert (mail.state, mail.reason, mail.message_id) == (DUPLICATE, OWN_COPY, answer.pk)
    assert Message.objects.count() == 2


def test_an_answer_from_another_program_is_in_the_conversation_and_answers(mailbox: Mailbox, alice: User) -> None:
    question = filed(letter(), mailbox=mailbox)
    assert question.conversation.waiting_since
    raw = letter("It left.", message_id="<phone@velo.example>", In_Reply_To=question.rfc_id, **SENT_LETTER)
    mail = _sent(raw.replace(b"support@velo.example", alice.email.encode(), 1), mailbox=mailbox)
    answer = Message.objects.select_related("conversation").get(pk=mail.message_id or 0)
    assert (answer.conversation_id, answer.kind, answer.delivery) == (question.conversation_id, OUT, SENT)
    assert answer.author == alice
    assert answer.conversation.waiting_since is None
    assert Event.objects.get(message_id=answer.pk).kind == "reply.elsewhere"


def test_an_answer_that_was_written_before_the_question_answers_nothing(mailbox: Mailbox) -> None:
    question = filed(letter(), mailbox=mailbox)
    with clock.at(clock.now() - timedelta(days=1)):
        raw = letter("Hello", message_id="<old@velo.example>", References=question.rfc_id, **SENT_LETTER)
    _sent(raw, mailbox=mailbox)
    question.conversation.refresh_from_db()
    assert question.conversation.waiting_since


def test_what_we_wrote_first_begins_a_closed_conversation_with_who_got_it(mailbox: Mailbox) -> None:
    mail = _sent(letter(message_id="<first@velo.example>", **SENT_LETTER), mailbox=mailbox)
    conversation = Conversation.objects.get(pk=mail.conversation_id or 0)
    assert (conversation.status, conversation.contact.email) == (CLOSED, "ann@customers.example")
    answer = filed(letter(message_id="<2@customers.example>", In_Reply_To="<first@velo.example>"), mailbox=mailbox)
    assert answer.conversation_id == conversation.pk


def test_history_lies_at_its_own_date_and_wakes_nobody(mailbox: Mailbox, alice: User) -> None:
    question = filed(letter(), mailbox=mailbox)
    close(question.conversation, by=alice)
    then = clock.now() - timedelta(days=400)
    for number, quoted in enumerate([question.rfc_id, "<unknown@x>"]):
        raw = letter(message_id=f"<old{number}@customers.example>", In_Reply_To=quoted, subject=f"Old {number}")
        accept(raw, mailbox=mailbox, transport="import", quiet=True, server_date=then)
        assert file_next()
    joined, alone = Message.objects.order_by("pk").select_related("conversation")[1:]
    assert joined.conversation_id == question.conversation_id
    assert joined.created_at == alone.created_at == alone.conversation.created_at == then
    assert joined.conversation.status == alone.conversation.status == CLOSED
    assert joined.conversation.last_activity_at > then
    assert all(Event.objects.get(message_id=one.pk).data["quiet"] for one in (joined, alone))


def test_the_same_mail_twice_in_one_instant_is_filed_once(transactional_db: None, mailbox: Mailbox) -> None:
    raw = letter()
    for _ in _at_the_same_time(*[lambda: accept(raw, mailbox=mailbox, transport="lmtp", at_once=True)] * 4):
        pass
    while file_next():
        pass
    assert Message.objects.count() == 1
    assert sorted(IncomingMail.objects.values_list("state", flat=True)) == [DUPLICATE] * 3 + [FILED]


def test_mails_of_one_thread_in_one_instant_come_together(transactional_db: None, mailbox: Mailbox) -> None:
    first = "<0@customers.example>"
    raws = [letter(message_id=first)] + [
        letter(str(number), message_id=f"<{number}@customers.example>", In_Reply_To=first) for number in range(1, 4)
    ]
    _at_the_same_time(*[lambda raw=raw: accept(raw, mailbox=mailbox, transport="lmtp", at_once=True) for raw in raws])
    while file_next():
        pass
    assert Message.objects.count() == 4
    assert Conversation.objects.exclude(status="merged").count() == 1
    assert Conversation.objects.exclude(status="merged").get().message_count == 4


def test_a_date_in_the_future_puts_nothing_there(mailbox: Mailbox) -> None:
    raw = letter(message_id="<f@customers.example>").replace(b"Date: ", b"X-Date: ")
    raw = b"Date: " + format_datetime(clock.now() + timedelta(days=9)).encode() + b"\n" + raw
    accept(raw, mailbox=mailbox, transport="import", quiet=True)
    assert file_next()
    assert Message.objects.get().created_at <= clock.now()


def _never_seen() -> bytes:
    """Return a mail whose bytes no other test has laid down (they share one store)."""
    return letter(message_id=f"<{uuid4()}@customers.example>")


def _sent(raw: bytes, *, mailbox: Mailbox) -> IncomingMail:
    """Take in and file a mail from the Sent folder."""
    mail = accept(raw, mailbox=mailbox, transport="imap", outgoing=True)
    assert file_next()
    mail.refresh_from_db()
    return mail


def _at_the_same_time(*steps: Callable[[], object]) -> list[object]:
    """Do each in a thread of its own, with a database connection of its own."""

    def step(work: Callable[[], object]) -> object:
        try:
            return work()
        finally:
            connection.close()

    with ThreadPoolExecutor(len(steps)) as threads:
        return list(threads.map(step, steps))
