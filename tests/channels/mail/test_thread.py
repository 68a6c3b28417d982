import pytest

from postroom.channels.mail.build import build
from postroom.channels.mail.models import STORED
from postroom.channels.mail.parse import parse
from postroom.channels.mail.thread import find_thread
from postroom.core.accounts.models import Mailbox, User
from postroom.core.conversations.actions.close import close
from postroom.core.conversations.actions.reply import reply
from postroom.core.conversations.evidence import OWN
from postroom.core.conversations.models import CLOSED, OPEN, Conversation, Message
from tests.channels.mail.letters import MALLORY, filed, letter, take_in


@pytest.fixture
def first(mailbox: Mailbox) -> Message:
    """Ann's first mail."""
    return filed(letter(), mailbox=mailbox)


@pytest.fixture
def answer(first: Message, alice: User) -> Message:
    """Alice's answer to it."""
    return reply(first.conversation, by=alice, html="<p>It left on Monday.</p>")


def _status(message: Message) -> str:
    return Conversation.objects.get(pk=message.conversation_id).status


def test_the_customers_answer_comes_back_and_reopens(mailbox: Mailbox, answer: Message, alice: User) -> None:
    close(answer.conversation, by=alice)
    assert _status(answer) == CLOSED
    back = filed(letter(message_id="<2@customers.example>", In_Reply_To=answer.rfc_id), mailbox=mailbox)
    assert back.conversation_id == answer.conversation_id
    assert _status(answer) == OPEN


def test_the_customers_own_id_is_known_too(mailbox: Mailbox, first: Message) -> None:
    back = filed(letter(message_id="<2@customers.example>", References=first.rfc_id), mailbox=mailbox)
    assert back.conversation_id == first.conversation_id


def test_the_newest_reference_decides(mailbox: Mailbox, first: Message) -> None:
    second = filed(letter(message_id="<2@customers.example>"), mailbox=mailbox)
    assert second.conversation_id != first.conversation_id
    mail = letter(message_id="<3@customers.example>", References=f"{first.rfc_id} {second.rfc_id} <unknown@x.example>")
    assert filed(mail, mailbox=mailbox).conversation_id == second.conversation_id


def test_a_stranger_who_quotes_an_id_is_not_joined(mailbox: Mailbox, answer: Message) -> None:
    mail = letter(sender=MALLORY, message_id="<m@elsewhere.example>", In_Reply_To=answer.rfc_id)
    assert filed(mail, mailbox=mailbox).conversation_id != answer.conversation_id


def test_a_stranger_with_a_participants_reply_to_is_not_joined(mailbox: Mailbox, answer: Message) -> None:
    mail = letter(
        sender=MALLORY,
        message_id="<m@elsewhere.example>",
        In_Reply_To=answer.rfc_id,
        Reply_To="ann@customers.example",
    )
    assert filed(mail, mailbox=mailbox).conversation_id != answer.conversation_id


def test_a_stranger_in_our_own_name_is_not_joined(mailbox: Mailbox, answer: Message) -> None:
    mail = letter(sender=mailbox.address, message_id="<m@elsewhere.example>", In_Reply_To=answer.rfc_id)
    assert filed(mail, mailbox=mailbox).conversation_id != answer.conversation_id


def test_somebody_who_was_copied_in_may_answer(mailbox: Mailbox) -> None:
    first = filed(letter(Cc="Tom <tom@customers.example>"), mailbox=mailbox)
    mail = letter(sender="tom@customers.example", message_id="<t@customers.example>", In_Reply_To=first.rfc_id)
    assert filed(mail, mailbox=mailbox).conversation_id == first.conversation_id


def test_somebody_we_wrote_to_may_answer(mailbox: Mailbox, first: Message, alice: User) -> None:
    sent = reply(first.conversation, by=alice, html="<p>See below.</p>", to=["Depot <depot@bücher.example>"])
    mail = letter(sender="depot@xn--bcher-kva.example", message_id="<d@x.example>", In_Reply_To=sent.rfc_id)
    assert filed(mail, mailbox=mailbox).conversation_id == first.conversation_id


def test_another_mailboxs_conversation_is_not_joined(mailbox: Mailbox, first: Message) -> None:
    sales = Mailbox.objects.create(name="Sales", address="sales@velo.example")
    mail = letter(message_id="<2@customers.example>", In_Reply_To=first.rfc_id)
    assert filed(mail, mailbox=sales).conversation_id != first.conversation_id


def test_an_address_for_an_id_joins_nothing(mailbox: Mailbox, first: Message) -> None:
    mail = letter(message_id="<2@customers.example>", In_Reply_To="Your mail of Monday <ann@customers.example>")
    assert filed(mail, mailbox=mailbox).conversation_id != first.conversation_id


def test_our_own_mail_that_comes_back_wakes_nobody(mailbox: Mailbox, answer: Message, alice: User) -> None:
    close(answer.conversation, by=alice)
    assert take_in(build(answer), mailbox=mailbox).state != STORED
    assert _status(answer) == CLOSED


def test_our_own_mail_is_known_by_its_proof(mailbox: Mailbox, answer: Message) -> None:
    found = find_thread(parse(build(answer)), mailbox=mailbox)
    assert (found.conversation, found.by, found.detail) == (answer.conversation, OWN, str(answer.pk))


def test_our_own_mail_to_another_mailbox_of_ours_is_a_persons(mailbox: Mailbox, answer: Message) -> None:
    sales = Mailbox.objects.create(name="Sales", address="sales@velo.example")
    assert filed(build(answer), mailbox=sales).automatic == ""


def test_a_copied_mark_does_not_join_a_stranger(mailbox: Mailbox, answer: Message) -> None:
    mark = build(answer).decode().partition("X-Postroom-Loop: ")[2].partition("\r\n")[0]
    mail = letter(sender=MALLORY, message_id="<m@elsewhere.example>", In_Reply_To=answer.rfc_id, X_Postroom_Loop=mark)
    assert find_thread(parse(mail), mailbox=mailbox).conversation is None
