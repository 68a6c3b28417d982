"""Which mails are filed side by side on PostgreSQL, and which wait for each other."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from django.db import OperationalError, connection, transaction

from postroom.channels.mail.claims import one_at_a_time
from postroom.channels.mail.intake import accept
from postroom.channels.mail.models import IncomingMail
from postroom.channels.mail.parse import parse
from postroom.channels.mail.reading import read
from postroom.channels.mail.receive import marks_of
from postroom.channels.mail.thread_clues import thread_marks
from postroom.core.accounts.models import Mailbox
from postroom.core.conversations.models import MERGED, Conversation, Message
from tests.channels.mail.letters import letter

INDEX = "AdNhbGljZS1vdXRsb29rLXRocmVhZC1pbmRleA=="
ANN, BOB = "Ann <ann@customers.example>", "Bob <bob@customers.example>"
PAIRS: list[tuple[str, dict[str, Any], dict[str, Any]]] = [
    ("a question and its answer", {"message_id": "<1@a.example>"}, {"In_Reply_To": "<1@a.example>", "sender": BOB}),
    ("two answers to one mail", {"In_Reply_To": "<0@a.example>"}, {"References": "<0@a.example>", "sender": BOB}),
    ("an answer to an older mail", {"References": "<0@a.example> <1@a.example>"}, {"message_id": "<0@a.example>"}),
    ("one sender", {"subject": "Re: Lamp"}, {"subject": "Lamp"}),
    ("one sender, spelt otherwise", {"subject": "Re: Lamp"}, {"sender": "ANN <Ann@Customers.Example>"}),
    ("one thread of Outlook", {"Thread_Index": INDEX}, {"Thread_Index": INDEX, "sender": BOB}),
]


@pytest.mark.parametrize(("first", "second"), [pytest.param(*pair[1:], id=pair[0]) for pair in PAIRS])
def test_mails_that_find_each_other_share_a_mark(first: dict[str, Any], second: dict[str, Any]) -> None:
    one, other = _marks(first, number=1), _marks(second, number=2)
    assert one & other


def test_mails_of_two_people_about_two_things_share_none() -> None:
    one = _marks({"sender": ANN, "In_Reply_To": "<7@x.example>"}, number=1)
    other = _marks({"sender": BOB, "References": "<8@x.example> <9@x.example>"}, number=2)
    assert not one & other


def test_the_same_bytes_share_a_mark_whatever_is_in_them() -> None:
    assert thread_marks(parse(b""), digest="d") & thread_marks(parse(b""), digest="d")


@pytest.fixture
def filing(transactional_db: None, mailbox: Mailbox) -> Iterator[ThreadPoolExecutor]:
    """Another worker's thread, while this one holds the marks "a" and "b"."""
    with ThreadPoolExecutor(1) as other, transaction.atomic():
        one_at_a_time(mailbox.pk, marks=("a", "b"))
        yield other


@pytest.mark.postgres
@pytest.mark.parametrize(
    ("marks", "waits"), [(("c",), False), (("c", "d", "e"), False), (("z", "b"), True), (("a",), True), ((), True)]
)
def test_whoever_shares_a_mark_waits(
    filing: ThreadPoolExecutor, mailbox: Mailbox, marks: tuple[str, ...], *, waits: bool
) -> None:
    assert filing.submit(_has_to_wait, mailbox.pk, marks).result() == waits


@pytest.mark.postgres
def test_nobody_waits_for_another_mailbox(filing: ThreadPoolExecutor, mailbox: Mailbox) -> None:
    for marks in ((), ("a", "b")):
        assert not filing.submit(_has_to_wait, mailbox.pk + 1, marks).result()


def test_whole_threads_in_one_instant_come_together(transactional_db: None, mailbox: Mailbox) -> None:
    """Ten threads of four mails each, all at once and in no order."""
    raws = [_mail(thread, number) for number in (3, 1, 0, 2) for thread in range(10)]
    with ThreadPoolExecutor(6) as workers:
        states = list(workers.map(lambda raw: _accepted(raw, mailbox), raws))
    assert states == ["filed"] * len(raws)
    alive = Conversation.objects.exclude(status=MERGED)
    assert sorted(alive.values_list("message_count", flat=True)) == [4] * 10
    for conversation in alive:
        subjects = set(Message.objects.filter(conversation=conversation).values_list("text", flat=True))
        assert len({text.partition(".")[0] for text in subjects}) == 1


def test_a_machines_mail_waits_for_all(mailbox: Mailbox) -> None:
    """Reports, receipts and loops are counted and bound over a whole mailbox: they go alone."""
    cases: list[tuple[dict[str, Any], bool]] = [
        ({}, False),
        ({"Auto_Submitted": "auto-replied"}, True),
        ({"List_Id": "<x.example>"}, True),
    ]
    for headers, alone in cases:
        raw = letter(**headers)
        mail = IncomingMail(mailbox=mailbox, digest="d")
        assert (not marks_of(mail, read(mail, raw=raw))) == alone


def _mail(thread: int, number: int) -> bytes:
    quoted: dict[str, Any] = {} if number == 0 else {"In_Reply_To": f"<{thread}.0@x.example>"}
    sender = f"Customer {thread} <c{thread}@customers.example>"
    subject = f"Order {thread}"
    return letter(
        f"{thread}. {number}", message_id=f"<{thread}.{number}@x.example>", sender=sender, subject=subject, **quoted
    )


def _accepted(raw: bytes, mailbox: Mailbox) -> str:
    try:
        return accept(raw, mailbox=mailbox, transport="lmtp", at_once=True).state
    finally:
        connection.close()


def _has_to_wait(mailbox_id: int, marks: tuple[str, ...]) -> bool:
    try:
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute("SET LOCAL lock_timeout = '300ms'")
            one_at_a_time(mailbox_id, marks=marks)
    except OperationalError:
        return True
    finally:
        connection.close()
    return False


def _marks(fields: dict[str, Any], *, number: int) -> frozenset[str]:
    about = {"message_id": f"<own{number}@x.example>", "sender": ANN, **fields}
    return thread_marks(parse(letter(f"Mail {number}", **about)), digest=str(number))
