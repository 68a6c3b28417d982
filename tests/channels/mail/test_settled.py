"""An uncertain reply is settled by itself when it shows elsewhere what happened, and nothing is ever sent again."""

import pytest

from postroom.channels.mail.build import build
from postroom.channels.mail.models import PARKED
from postroom.core.accounts.models import Mailbox, User
from postroom.core.conversations.models import Conversation, Message
from postroom.core.conversations.models.delivery import WAITING
from postroom.core.conversations.models.message import REFUSED, SENDING, SENT, UNCERTAIN
from postroom.core.events.models import Event
from postroom.core.outbox import settling
from postroom.core.outbox.claiming import LEASE, due
from postroom.core.outbox.deliver import give_up_lost
from postroom.core.outbox.outcomes import Uncertain
from postroom.lib import clock
from tests.channels.mail.letters import MALLORY, filed, letter, take_in
from tests.channels.mail.machines import group, receipt, report, sent

ANN = "ann@customers.example"


@pytest.fixture
def conversation(mailbox: Mailbox) -> Conversation:
    return filed(letter(), mailbox=mailbox).conversation


@pytest.fixture
def unsure(conversation: Conversation, alice: User) -> Message:
    reply = sent(conversation, by=alice, cc=["tom@customers.example"], end=Uncertain("The line went dead."))
    assert reply.delivery == UNCERTAIN
    return reply


def ended(reply: Message) -> tuple[str, list[str]]:
    reply.refresh_from_db()
    how = [event.data["how"] for event in Event.objects.filter(kind="reply.settled", message_id=reply.pk)]
    assert not due().exists()
    return reply.delivery, how


def test_an_answer_that_quotes_it_shows_that_it_left(mailbox: Mailbox, unsure: Message) -> None:
    filed(letter(message_id="<2@customers.example>", In_Reply_To=unsure.rfc_id), mailbox=mailbox)
    assert ended(unsure) == (SENT, [settling.ANSWER])
    assert unsure.sent_at is not None


def test_an_answer_that_quotes_it_further_back_does_too(mailbox: Mailbox, unsure: Message) -> None:
    quoted = f"{unsure.rfc_id} <between@customers.example>"
    filed(letter(message_id="<2@customers.example>", References=quoted), mailbox=mailbox)
    assert ended(unsure) == (SENT, [settling.ANSWER])


def test_an_answer_to_something_else_shows_nothing(mailbox: Mailbox, unsure: Message) -> None:
    filed(letter(message_id="<2@customers.example>", In_Reply_To="<1@customers.example>"), mailbox=mailbox)
    assert ended(unsure) == (UNCERTAIN, [])


def test_a_guessed_id_settles_nothing(mailbox: Mailbox, unsure: Message) -> None:
    guess = f"<{unsure.conversation_id}.{'0' * 32}@velo.example>"
    filed(letter(sender=MALLORY, message_id="<m@elsewhere.example>", In_Reply_To=guess), mailbox=mailbox)
    assert ended(unsure) == (UNCERTAIN, [])


def test_another_mailboxs_mail_settles_nothing_here(mailbox: Mailbox, unsure: Message) -> None:
    other = Mailbox.objects.create(name="Sales", address="sales@velo.example")
    filed(letter(message_id="<2@customers.example>", In_Reply_To=unsure.rfc_id), mailbox=other)
    assert ended(unsure) == (UNCERTAIN, [])


def test_its_own_copy_shows_that_it_left(mailbox: Mailbox, unsure: Message) -> None:
    assert take_in(build(unsure), mailbox=mailbox).state == PARKED
    assert ended(unsure) == (SENT, [settling.COPY])


def test_a_receipt_shows_that_it_left(mailbox: Mailbox, unsure: Message) -> None:
    filed(receipt(unsure), mailbox=mailbox)
    assert ended(unsure) == (SENT, [settling.REPORT])


def test_a_bounce_for_some_shows_that_it_left(mailbox: Mailbox, unsure: Message) -> None:
    filed(report(group(ANN), about=unsure), mailbox=mailbox)
    assert ended(unsure) == (SENT, [settling.REPORT])


def test_a_bounce_for_everybody_shows_that_nobody_has_it(mailbox: Mailbox, unsure: Message) -> None:
    words = "550 5.1.1 no such user"
    filed(report(group(ANN, said=words), group("tom@customers.example"), about=unsure), mailbox=mailbox)
    assert ended(unsure) == (REFUSED, [settling.BOUNCE])
    assert words in unsure.delivery_words


def test_what_was_settled_once_is_not_settled_again(mailbox: Mailbox, unsure: Message) -> None:
    assert settling.seen_elsewhere(unsure.rfc_id, mailbox=mailbox, how=settling.SENT_FOLDER)
    assert not settling.seen_elsewhere(unsure.rfc_id, mailbox=mailbox, how=settling.SENT_FOLDER)
    assert ended(unsure) == (SENT, [settling.SENT_FOLDER])


def test_a_reply_that_was_sent_is_left_as_it_is(mailbox: Mailbox, conversation: Conversation, alice: User) -> None:
    reply = sent(conversation, by=alice)
    filed(letter(message_id="<2@customers.example>", In_Reply_To=reply.rfc_id), mailbox=mailbox)
    assert ended(reply) == (SENT, [])


def test_what_came_before_the_worker_was_given_up_counts(
    mailbox: Mailbox, conversation: Conversation, alice: User
) -> None:
    """The worker dies after DATA; the answer is here before its lease has run out."""
    reply = sent(conversation, by=alice)
    held = {"delivery": SENDING, "sent_at": None, "leased_until": clock.now() + LEASE}
    Message.objects.filter(pk=reply.pk).update(**held)
    filed(letter(message_id="<2@customers.example>", In_Reply_To=reply.rfc_id), mailbox=mailbox)
    assert ended(reply) == (SENDING, [])
    with clock.at(clock.now() + 2 * LEASE):
        give_up_lost()
    assert ended(reply) == (SENT, [settling.ANSWER])


def test_those_who_had_it_before_tell_nothing_of_the_others(mailbox: Mailbox, unsure: Message) -> None:
    Message.objects.filter(pk=unsure.pk).update(sent_at=clock.now())
    unsure.deliveries.create(email="tom@customers.example", state=WAITING, at=clock.now())
    filed(letter(message_id="<2@customers.example>", In_Reply_To=unsure.rfc_id), mailbox=mailbox)
    assert ended(unsure) == (UNCERTAIN, [])
