"""Merged and split conversations keep receiving what belongs to them."""

from collections.abc import Callable
from typing import Any

import pytest
from django.db import connection

from postroom.channels.mail.marks import reply_address
from postroom.channels.mail.parse import parse
from postroom.channels.mail.thread import find_thread
from postroom.core.accounts.models import Mailbox, User
from postroom.core.conversations.actions.join import join, move_back
from postroom.core.conversations.actions.merge import merge, unmerge
from postroom.core.conversations.actions.reply import reply
from postroom.core.conversations.actions.take_out import take_out
from postroom.core.conversations.evidence import ANSWERS, MARK, SUBJECT
from postroom.core.conversations.models import Conversation, Message
from tests.channels.mail.letters import MALLORY, filed, letter

TOM = "Tom <tom@customers.example>"


@pytest.fixture
def source(mailbox: Mailbox) -> Message:
    """Ann's mail in a conversation that is merged in these tests."""
    return filed(letter(subject="Order 118", message_id="<s@customers.example>"), mailbox=mailbox)


@pytest.fixture
def target(mailbox: Mailbox) -> Message:
    """Ann's other mail, in the conversation that it is merged into."""
    return filed(letter(subject="The wheel", message_id="<t@customers.example>"), mailbox=mailbox)


def _more(**headers: str) -> bytes:
    fields = {"message_id": "<9@customers.example>", "subject": "And one more thing", **headers}
    return letter(**fields)  # type: ignore[arg-type]


def test_mail_for_a_merged_conversation_lands_where_it_went(
    mailbox: Mailbox, source: Message, target: Message, alice: User
) -> None:
    sent = reply(source.conversation, by=alice, html="<p>Yes.</p>")
    address = reply_address(mailbox, conversation_id=source.conversation_id)
    merge(source.conversation, into=target.conversation, by=alice)
    mails = (
        (_more(In_Reply_To=source.rfc_id, message_id="<a@x.example>"), ANSWERS),
        (_more(In_Reply_To=sent.rfc_id, message_id="<b@x.example>"), ANSWERS),
        (_more(In_Reply_To=sent.rfc_id.partition("@")[0] + "@relay.example>", message_id="<c@x.example>"), MARK),
        (_more(to=address, message_id="<d@x.example>"), MARK),
        (_more(subject="Re: Order 118", message_id="<e@x.example>"), SUBJECT),
    )
    for raw, by in mails:
        message = filed(raw, mailbox=mailbox)
        assert (message.conversation_id, message.joined_by) == (target.conversation_id, by), by


def test_a_stranger_is_offered_where_it_went(mailbox: Mailbox, source: Message, target: Message, alice: User) -> None:
    address = reply_address(mailbox, conversation_id=source.conversation_id)
    merge(source.conversation, into=target.conversation, by=alice)
    message = filed(_more(sender=MALLORY, to=address), mailbox=mailbox)
    assert (message.offered_id, message.joined_by) == (target.conversation_id, "")


def test_after_parting_each_has_its_own_again(mailbox: Mailbox, source: Message, target: Message, alice: User) -> None:
    merge(source.conversation, into=target.conversation, by=alice)
    unmerge(Conversation.objects.get(pk=source.conversation_id), by=alice)
    message = filed(_more(In_Reply_To=source.rfc_id), mailbox=mailbox)
    assert message.conversation_id == source.conversation_id


def test_answers_follow_a_mail_that_was_taken_out(mailbox: Mailbox, source: Message, alice: User) -> None:
    sent = reply(source.conversation, by=alice, html="<p>Yes.</p>", cc=[TOM])
    tom = filed(_more(sender=TOM, In_Reply_To=sent.rfc_id, message_id="<tom@customers.example>"), mailbox=mailbox)
    assert tom.conversation_id == source.conversation_id
    made = take_out(tom, by=alice)
    references = f"{source.rfc_id} {sent.rfc_id} {tom.rfc_id}"
    more = _more(sender=TOM, In_Reply_To=tom.rfc_id, References=references, message_id="<u@customers.example>")
    assert filed(more, mailbox=mailbox).conversation_id == made.pk
    ann = filed(_more(In_Reply_To=sent.rfc_id), mailbox=mailbox)
    assert ann.conversation_id == source.conversation_id


def test_who_came_only_by_a_mail_that_was_taken_out_is_a_stranger_then(
    mailbox: Mailbox, source: Message, alice: User
) -> None:
    mallory = filed(_more(sender=MALLORY, message_id="<m@elsewhere.example>"), mailbox=mailbox)
    join(mallory, into=source.conversation, by=alice)
    assert (
        filed(
            _more(sender=MALLORY, In_Reply_To=source.rfc_id, message_id="<n@elsewhere.example>"), mailbox=mailbox
        ).conversation_id
        == source.conversation_id
    )
    for message in Message.objects.filter(from_email="mallory@elsewhere.example"):
        take_out(message, by=alice)
    again = _more(sender=MALLORY, subject="Hm", In_Reply_To=source.rfc_id, message_id="<o@elsewhere.example>")
    late = filed(again, mailbox=mailbox)
    assert (late.conversation_id != source.conversation_id, late.offered_id) == (True, source.conversation_id)


def test_a_move_back_brings_the_answers_back_too(
    mailbox: Mailbox, source: Message, target: Message, alice: User
) -> None:
    second = filed(_more(In_Reply_To=source.rfc_id), mailbox=mailbox)
    join(second, into=target.conversation, by=alice)
    move_back(second, by=alice)
    third = filed(_more(In_Reply_To=second.rfc_id, message_id="<10@customers.example>"), mailbox=mailbox)
    assert third.conversation_id == source.conversation_id


@pytest.mark.parametrize(
    "headers",
    [
        {},
        {"In_Reply_To": "<a@x.example>", "References": "<b@x.example> <c@x.example> <a@x.example>"},
        {"Thread_Index": "AdnZ0X6rS0pQ1k2XQ5q8b0m1YdX2Bw==", "Thread_Topic": "And one more thing"},
    ],
)
@pytest.mark.sqlite
def test_no_question_walks_a_mailbox(mailbox: Mailbox, source: Message, headers: dict[str, str]) -> None:
    del source
    asked: list[str] = []

    def keep(execute: Callable[..., Any], sql: str, params: Any, many: bool, context: Any) -> Any:
        asked.append(sql if not params else connection.ops.last_executed_query(None, sql, params))
        return execute(sql, params, many, context)

    with connection.execute_wrapper(keep):
        find_thread(parse(_more(**headers)), mailbox=mailbox)
    assert 1 <= len(asked) <= 3
    with connection.cursor() as cursor:
        for sql in asked:
            cursor.execute(f"EXPLAIN QUERY PLAN {sql}")
            steps = [row[3] for row in cursor.fetchall()]
            walks = [step for step in steps if step.startswith("SCAN") or "mailbox_id=" in step]
            # The few mailboxes that one conversation was moved from are looked up by its id.
            assert not [step for step in walks if not step.startswith("SEARCH f USING COVERING INDEX")], steps
