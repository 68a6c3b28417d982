"""A small inbox: one mailbox with a few conversations, and the browsers of those who may and may not see it."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Unpack

import pytest
from django.test import Client

from postroom.core.accounts.models import Mailbox, User
from postroom.core.conversations.actions.receive import receive
from postroom.core.conversations.models import Conversation
from tests.faces.web.answer import Answer
from tests.incoming import MailFields, incoming


@dataclass
class Inbox:
    """The mailbox, its first conversation, and four browsers."""

    mailbox: Mailbox
    conversation: Conversation
    alice: Client
    bob: Client
    charlie: Client
    anonymous: Client

    def url(self, noun: str = "") -> str:
        return f"/conversations/{self.conversation.pk}" + (f"/{noun}" if noun else "")

    def now(self) -> Conversation:
        return Conversation.objects.get(pk=self.conversation.pk)

    def post(self, noun: str, *, by: Client | None = None, **form: str) -> Answer:
        return (by or self.alice).post(self.url(noun), form)

    def delete(self, noun: str, *, by: Client | None = None) -> Answer:
        return (by or self.alice).delete(self.url(noun))


def write(mailbox: Mailbox, **fields: Unpack[MailFields]) -> Conversation:
    """Let a customer's mail begin a conversation."""
    return receive(mailbox=mailbox, mail=incoming(**fields)).conversation


@pytest.fixture
def inbox(mailbox: Mailbox, alice: User, bob: User, charlie: User, sign_in: Callable[[User], Client]) -> Inbox:
    return Inbox(mailbox, write(mailbox), sign_in(alice), sign_in(bob), sign_in(charlie), Client())
