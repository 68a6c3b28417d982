"""A conversation that was moved to another mailbox keeps receiving what its customer writes to the old one."""

import pytest

from postroom.channels.mail.intake import accept
from postroom.channels.mail.marks import reply_address
from postroom.channels.mail.models import DUPLICATE, IncomingMail
from postroom.channels.mail.receive import file_next
from postroom.core.accounts.models import Mailbox, User
from postroom.core.conversations.actions.move_to_mailbox import move_to_mailbox
from postroom.core.conversations.actions.reply import reply
from postroom.core.conversations.evidence import ANSWERS, MARK, SUBJECT
from postroom.core.conversations.models import Conversation, Message
from tests.channels.mail.letters import MALLORY, filed, letter
from tests.people import put_on


@pytest.fixture
def orders(alice: User, mailbox: Mailbox) -> Mailbox:
    """Another mailbox, with Alice on it."""
    made = Mailbox.objects.create(name="Orders", address="orders@velo.example")
    put_on(made, alice)
    return made


@pytest.fixture
def first(mailbox: Mailbox) -> Message:
    return filed(letter(subject="Order 118", message_id="<s@customers.example>"), mailbox=mailbox)


def _more(**headers: str) -> bytes:
    fields = {"message_id": "<9@customers.example>", "subject": "And one more thing", **headers}
    return letter(**fields)  # type: ignore[arg-type]


def _all(mailbox: Mailbox, raw: bytes) -> IncomingMail:
    row = accept(raw, mailbox=mailbox, transport="lmtp")
    while file_next():
        pass
    row.refresh_from_db()
    return row


def test_answers_to_the_old_address_and_to_the_new_one_arrive_in_it(
    mailbox: Mailbox, orders: Mailbox, first: Message, alice: User
) -> None:
    before = reply(first.conversation, by=alice, html="<p>Yes.</p>")
    Message.objects.filter(pk=before.pk).update(delivery="sent")
    address = reply_address(mailbox, conversation_id=first.conversation_id)
    move_to_mailbox(first.conversation, mailbox=orders, by=alice)
    after = reply(Conversation.objects.get(pk=first.conversation_id), by=alice, html="<p>From orders.</p>")
    mails = (
        (mailbox, _more(In_Reply_To=first.rfc_id, message_id="<a@x.example>"), ANSWERS),
        (mailbox, _more(In_Reply_To=before.rfc_id, message_id="<b@x.example>"), ANSWERS),
        (mailbox, _more(to=address, message_id="<c@x.example>"), MARK),
        (mailbox, _more(subject="Re: Order 118", message_id="<d@x.example>"), SUBJECT),
        (orders, _more(In_Reply_To=after.rfc_id, to=orders.address, message_id="<e@x.example>"), ANSWERS),
        (orders, _more(In_Reply_To=first.rfc_id, to=orders.address, message_id="<f@x.example>"), ANSWERS),
    )
    for where, raw, by in mails:
        message = filed(raw, mailbox=where)
        assert (message.conversation_id, message.joined_by) == (first.conversation_id, by), by
    moved = Conversation.objects.get(pk=first.conversation_id)
    assert (moved.mailbox, moved.message_count) == (orders, 9)
    assert not moved.participants.filter(email__in=(mailbox.address, orders.address)).exists()


def test_a_mail_to_both_addresses_is_in_it_once(mailbox: Mailbox, orders: Mailbox, first: Message, alice: User) -> None:
    move_to_mailbox(first.conversation, mailbox=orders, by=alice)
    raw = _more(In_Reply_To=first.rfc_id, to=f"{mailbox.address}, {orders.address}")
    _all(orders, b"Delivered-To: orders@velo.example\r\n" + raw)
    second = _all(mailbox, b"Delivered-To: support@velo.example\r\n" + raw)
    assert second.state == DUPLICATE
    assert Conversation.objects.get(pk=first.conversation_id).message_count == 2


def test_a_stranger_who_quotes_it_is_not_let_in(mailbox: Mailbox, orders: Mailbox, first: Message, alice: User) -> None:
    move_to_mailbox(first.conversation, mailbox=orders, by=alice)
    message = filed(_more(sender=MALLORY, In_Reply_To=first.rfc_id), mailbox=mailbox)
    assert message.conversation_id != first.conversation_id
    assert message.conversation.mailbox_id == mailbox.pk


def test_another_mailbox_that_it_never_was_in_does_not_know_it(
    mailbox: Mailbox, orders: Mailbox, first: Message, alice: User
) -> None:
    move_to_mailbox(first.conversation, mailbox=orders, by=alice)
    bills = Mailbox.objects.create(name="Bills", address="bills@velo.example")
    assert filed(_more(In_Reply_To=first.rfc_id), mailbox=bills).conversation_id != first.conversation_id
