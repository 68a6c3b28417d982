"""A mailbox with Alice and Bob on it, Charlie beside it, and a mail from Ann."""

from dataclasses import dataclass

import pytest

from postroom.core.accounts.models import Mailbox, Membership, User
from postroom.core.conversations.actions.receive import IncomingMessage, Person, receive
from postroom.core.conversations.models import Conversation, Message

ANN = Person("Ann Peeters", "ann@customers.example")


@dataclass(frozen=True)
class Desk:
    """The cast at work, for tests of the verbs."""

    mailbox: Mailbox
    alice: User
    bob: User
    charlie: User

    def mail(self, text: str = "Where is my bicycle?", **changes: object) -> Message:
        """File a mail from Ann; `changes` are fields of IncomingMessage, or `conversation`, or `spam`."""
        conversation = changes.pop("conversation", None)
        spam = bool(changes.pop("spam", False))
        fields = {"sender": ANN, "subject": "Order 118", "text": text, "rfc_id": "<1@customers.example>", **changes}
        mail = IncomingMessage(**fields)  # type: ignore[arg-type]
        assert conversation is None or isinstance(conversation, Conversation)
        return receive(mailbox=self.mailbox, mail=mail, conversation=conversation, spam=spam)

    def conversation(self) -> Conversation:
        """Return a new conversation with one mail from Ann."""
        return Conversation.objects.get(pk=self.mail().conversation_id)


@pytest.fixture
def desk(db: None) -> Desk:
    """Return the desk, in a database of its own."""
    people = [
        User.objects.create(email=f"{name.lower()}@team.example", name=name) for name in ("Alice", "Bob", "Charlie")
    ]
    mailbox = Mailbox.objects.create(name="Support", address="support@velo.example")
    for person in people[:2]:
        Membership.objects.create(mailbox=mailbox, user=person)
    return Desk(mailbox, *people)
