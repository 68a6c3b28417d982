"""What comes in is filed, and wakes what slept."""

import random

import pytest

from postroom.core.conversations.actions.close import close
from postroom.core.conversations.actions.pend import mark_pending
from postroom.core.conversations.actions.receive import File, Person
from postroom.core.conversations.actions.spam import mark_spam
from postroom.core.conversations.models import CLOSED, OPEN, SPAM, Conversation
from tests.core.conftest import Desk


def test_a_first_mail_starts_an_open_conversation_that_waits(desk: Desk) -> None:
    conversation = desk.conversation()
    assert (conversation.status, conversation.message_count, conversation.snippet) == (OPEN, 1, "Where is my bicycle?")
    assert conversation.waiting_since is not None
    assert conversation.last_from == "Ann Peeters"
    assert {person.email for person in conversation.participants.all()} == {"ann@customers.example"}


@pytest.mark.parametrize("rest", [close, mark_pending])
def test_the_customers_next_mail_opens_it_again(desk: Desk, rest: object) -> None:
    conversation = desk.conversation()
    assert callable(rest)
    rest(conversation, by=desk.alice)
    desk.mail("And now?", conversation=conversation)
    conversation.refresh_from_db()
    assert (conversation.status, conversation.closed_at, conversation.message_count) == (OPEN, None, 2)


def test_a_machines_answer_wakes_nobody_but_is_filed(desk: Desk) -> None:
    conversation = desk.conversation()
    close(conversation, by=desk.alice)
    desk.mail("I am on holiday.", conversation=conversation, automatic="auto")
    conversation.refresh_from_db()
    assert (conversation.status, conversation.message_count, conversation.waiting_since) == (CLOSED, 2, None)


def test_spam_stays_spam_when_it_insists(desk: Desk) -> None:
    conversation = desk.conversation()
    mark_spam(conversation, by=desk.alice)
    desk.mail("Buy!", conversation=conversation)
    conversation.refresh_from_db()
    assert conversation.status == SPAM


def test_we_are_no_participant_of_our_own_conversations(desk: Desk) -> None:
    message = desk.mail(to=(Person("", "Support@Velo.example"), Person("Carl", "carl@x.example")))
    emails = {person.email for person in message.conversation.participants.all()}
    assert emails == {"ann@customers.example", "carl@x.example"}


def test_hostile_strings_are_stored_as_far_as_a_database_can(desk: Desk) -> None:
    message = desk.mail(
        "NUL \x00 and \ud800",
        sender=Person("A\x00nn\r\nBcc: x", "ANN@customers.example"),
        subject="s" * 2000 + "\x00",
        files=(File(name="\x00" + "f" * 900, content_type="x" * 900, size=3, digest="0" * 64),),
    )
    message.refresh_from_db()
    assert message.text == "NUL \ufffd and \ufffd"
    assert message.from_name == "A\ufffdnn Bcc: x"
    assert len(message.subject) == 500
    assert message.conversation.contact.email == "ann@customers.example"
    assert Conversation.objects.get(pk=message.conversation_id).has_attachments


def test_a_mail_without_a_sender_is_filed_too(desk: Desk) -> None:
    message = desk.mail(sender=Person("", ""))
    assert message.conversation.contact.email == "unknown@invalid"


def test_a_message_id_that_no_index_takes_stops_no_mail(desk: Desk) -> None:
    sign = random.Random(4)
    absurd = "".join(chr(sign.randint(0x4E00, 0x9FFF)) for _ in range(990))
    assert desk.mail(rfc_id=f"<{absurd}@x>").rfc_id == ""
