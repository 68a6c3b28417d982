"""Mails of one thread that come out of order or in the same instant."""

from itertools import permutations
from threading import Barrier, Thread

import pytest
from django.db import connection

from postroom.channels.mail.intake import accept
from postroom.channels.mail.receive import file_next
from postroom.core.accounts.models import Mailbox, User
from postroom.core.conversations.actions.reply import reply
from postroom.core.conversations.evidence import LATE, SIBLING
from postroom.core.conversations.models import MERGED, OPEN, Conversation, FolderCount, LooseEnd, Message
from tests.channels.mail.letters import MALLORY, filed, letter

ONE, TWO, THREE = (f"<{n}@customers.example>" for n in (1, 2, 3))


def _chain() -> list[bytes]:
    """Return three mails of Ann's, each an answer to the one before, that quote nothing further back."""
    return [
        letter(message_id=ONE, subject="A"),
        letter(message_id=TWO, subject="B", In_Reply_To=ONE),
        letter(message_id=THREE, subject="C", In_Reply_To=TWO),
    ]


def _alive() -> list[Conversation]:
    return list(Conversation.objects.exclude(status=MERGED))


def test_a_question_joins_the_answer_that_came_first(mailbox: Mailbox) -> None:
    answer = filed(letter(message_id=TWO, subject="Re: Lamp", In_Reply_To=ONE), mailbox=mailbox)
    assert LooseEnd.objects.get().rfc_id == ONE
    question = filed(letter(message_id=ONE, subject="Lamp"), mailbox=mailbox)
    assert question.conversation_id == answer.conversation_id
    assert (question.joined_by, question.joined_detail) == (LATE, str(answer.pk))
    assert not LooseEnd.objects.exists()


@pytest.mark.parametrize("order", list(permutations(range(3))))
def test_three_mails_in_any_order_are_one_conversation(mailbox: Mailbox, order: tuple[int, ...]) -> None:
    chain = _chain()
    for number in order:
        filed(chain[number], mailbox=mailbox)
    (conversation,) = _alive()
    assert (conversation.message_count, conversation.status) == (3, OPEN)
    assert conversation.messages.count() == 3
    assert FolderCount.objects.get(mailbox=mailbox, status=OPEN, owner=0).n == 1


def test_an_answer_to_us_that_came_before_the_mail_between(mailbox: Mailbox, alice: User) -> None:
    first = filed(letter(message_id=ONE), mailbox=mailbox)
    sent = reply(first.conversation, by=alice, html="<p>Yes.</p>")
    early = filed(letter(message_id=THREE, subject="Thanks", In_Reply_To=TWO), mailbox=mailbox)
    assert early.conversation_id != first.conversation_id
    filed(letter(message_id=TWO, subject="Re: Order 118", In_Reply_To=sent.rfc_id), mailbox=mailbox)
    (conversation,) = _alive()
    assert conversation.pk == first.conversation_id
    assert Conversation.objects.get(pk=early.conversation_id).merged_into_id == conversation.pk


def test_two_answers_to_a_mail_that_never_came_belong_together(mailbox: Mailbox) -> None:
    to = "support@velo.example, Tom <tom@customers.example>"
    one = filed(letter(message_id=TWO, to=to, subject="Re: Lamp", References="<root@x.example>"), mailbox=mailbox)
    tom = letter(sender="tom@customers.example", message_id=THREE, subject="RE: Lamp", References="<root@x.example>")
    two = filed(tom, mailbox=mailbox)
    assert (two.conversation_id, two.joined_by) == (one.conversation_id, SIBLING)


def test_a_strangers_mail_does_not_join_what_quotes_its_id(mailbox: Mailbox) -> None:
    early = filed(letter(message_id=TWO, In_Reply_To=ONE), mailbox=mailbox)
    late = filed(letter(sender=MALLORY, message_id=ONE), mailbox=mailbox)
    assert late.conversation_id != early.conversation_id
    assert len(_alive()) == 2


def test_a_stranger_who_answered_early_is_not_carried_along(mailbox: Mailbox) -> None:
    early = filed(letter(sender=MALLORY, message_id=TWO, In_Reply_To=ONE), mailbox=mailbox)
    late = filed(letter(message_id=ONE), mailbox=mailbox)
    assert late.conversation_id != early.conversation_id
    assert len(_alive()) == 2


def test_a_forward_waits_for_nothing(mailbox: Mailbox) -> None:
    filed(letter(message_id=TWO, subject="Fwd: Lamp", References=ONE), mailbox=mailbox)
    filed(letter(message_id=ONE, subject="Lamp"), mailbox=mailbox)
    assert len(_alive()) == 2


def test_nothing_is_kept_of_an_answer_whose_question_is_here(mailbox: Mailbox) -> None:
    filed(letter(message_id=ONE), mailbox=mailbox)
    filed(letter(message_id=TWO, In_Reply_To=ONE, References=f"<older@x.example> {ONE}"), mailbox=mailbox)
    assert not LooseEnd.objects.exists()


def test_an_address_instead_of_an_id_is_no_loose_end(mailbox: Mailbox) -> None:
    mails = [letter(message_id=one, subject="Re: Lamp", In_Reply_To="<support@velo.example>") for one in (ONE, TWO)]
    for raw in mails:
        filed(raw, mailbox=mailbox)
    assert not LooseEnd.objects.exists()


@pytest.mark.django_db(transaction=True)
def test_a_whole_thread_in_one_instant_is_one_conversation(mailbox: Mailbox) -> None:
    for raw in reversed(_chain()):
        accept(raw, mailbox=mailbox, transport="lmtp")
    start = Barrier(3)

    def work() -> None:
        start.wait()
        try:
            while file_next():
                pass
        finally:
            connection.close()

    workers = [Thread(target=work) for _ in range(3 if connection.vendor == "postgresql" else 1)]
    if len(workers) == 1:
        start = Barrier(1)
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()
    (conversation,) = _alive()
    assert Message.objects.filter(conversation=conversation).count() == conversation.message_count == 3
