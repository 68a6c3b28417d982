"""Ann has written to the mailbox; Alice and Bob have it open, Charlie does not, and Mallory sends what he likes."""

import io
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Unpack

import pytest
from django.test import Client

from postroom.core.accounts.models import Mailbox, User
from postroom.core.conversations.actions.receive import File, Person, receive
from postroom.core.conversations.models import Attachment, Conversation, Message
from postroom.core.storage import blobs
from tests.faces.web.answer import Answer
from tests.incoming import MailFields, incoming

PNG = bytes.fromhex(
    "89504e470d0a1a0a0000000d49484452000000010000000108060000001f15c4890000000d49444154789c6360f8cf500f0003860180"
    "5d5c8d3b0000000049454e44ae426082"
)


class Picked(io.BytesIO):
    """A file for the test client, its name as raw as it may come over the wire (Django's own would tidy it)."""

    def __init__(self, data: bytes, *, name: str, content_type: str) -> None:
        super().__init__(data)
        self.name, self.content_type = name, content_type


@dataclass
class Room:
    """A conversation with one mail, and the browsers of three agents."""

    mailbox: Mailbox
    alice: Client
    bob: Client
    charlie: Client
    mail: Message

    @property
    def conversation(self) -> Conversation:
        return Conversation.objects.get(pk=self.mail.conversation_id)

    def url(self, noun: str) -> str:
        return f"/conversations/{self.mail.conversation_id}/{noun}"

    def reply(
        self, form: Mapping[str, object] | None = None, /, *, by: Client | None = None, **fields: object
    ) -> Answer:
        """Send the composer's form; `form` is for fields whose names are no names in Python."""
        sent = {"html": "<div>It left today.</div>", **fields, **(form or {})}
        return (by or self.alice).post(self.url("replies"), sent)

    def upload(
        self,
        data: bytes = b"words",
        *,
        name: str = "terms.txt",
        content_type: str = "text/plain",
        by: Client | None = None,
        **form: str,
    ) -> Answer:
        file = Picked(data, name=name, content_type=content_type)
        return (by or self.alice).post(self.url("uploads"), {"file": file, **form})

    def receive(self, *, anew: bool = False, **fields: Unpack[MailFields]) -> Message:
        """File another mail in the same conversation, or `anew` in one of its own."""
        return mail_from(self.mailbox, conversation=None if anew else self.conversation, **fields)


def mail_from(mailbox: Mailbox, *, conversation: Conversation | None = None, **fields: Unpack[MailFields]) -> Message:
    return receive(mailbox=mailbox, mail=incoming(**fields), conversation=conversation)


def file_of(data: bytes, *, name: str, content_type: str, content_id: str = "") -> File:
    """A file of a mail, its bytes stored."""
    digest = blobs().put(data)
    return File(name, content_type, len(data), digest, content_id=content_id, inline=bool(content_id))


@pytest.fixture
def room(mailbox: Mailbox, alice: User, bob: User, charlie: User, sign_in: Callable[[User], Client]) -> Room:
    """Return the room with one mail in it, which also went to Carl."""
    mail = mail_from(mailbox, cc=(Person("Carl", "carl@customers.example"), Person("", mailbox.address)))
    return Room(mailbox, sign_in(alice), sign_in(bob), sign_in(charlie), mail)


def only_attachment() -> Attachment:
    return Attachment.objects.get()
