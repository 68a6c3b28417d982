"""A mailbox with Alice and Bob on it, Charlie beside it, and a mail from Ann."""

from dataclasses import dataclass
from typing import Unpack

import pytest

from postroom.core.accounts.models import Mailbox, User
from postroom.core.conversations.actions.receive import receive
from postroom.core.conversations.models import Conversation, Message
from tests.incoming import MailFields, incoming
from tests.people import put_on


@dataclass(frozen=True)
class Desk:
    """The cast at work, for tests of the verbs."""

    mailbox: Mailbox
    alice: User
    bob: User
    charlie: User

    def mail(
        self,
        text: str = "Where is my bicycle?",
        /,
        *,
        conversation: Conversation | None = None,
        spam: bool = False,
        **changes: Unpack[MailFields],
    ) -> Message:
        """File a mail from Ann."""
        fields: MailFields = {"text": text, "rfc_id": "<1@customers.example>", **changes}
        return receive(mailbox=self.mailbox, mail=incoming(**fields), conversation=conversation, spam=spam)

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
        put_on(mailbox, person)
    return Desk(mailbox, *people)
