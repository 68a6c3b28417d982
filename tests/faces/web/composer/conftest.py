"""Ann has written to the mailbox; Alice and Bob have it open, Charlie does not, and Mallory sends what he likes."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from postroom.core.accounts.models import Mailbox, User
from postroom.core.conversations.actions.receive import File, IncomingMessage, Person, receive
from postroom.core.conversations.models import Attachment, Conversation, Message
from postroom.core.storage import blobs
from tests.people import ANN

PNG = bytes.fromhex(
    "89504e470d0a1a0a0000000d49484452000000010000000108060000001f15c4890000000d49444154789c6360f8cf500f0003860180"
    "5d5c8d3b0000000049454e44ae426082"
)


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

    def reply(self, client: Client | None = None, **form: Any) -> Any:
        return (client or self.alice).post(self.url("replies"), {"html": "<div>It left today.</div>", **form})

    def upload(self, data: bytes = b"words", **form: Any) -> Any:
        name = form.pop("name", "terms.txt")
        kind = form.pop("content_type", "text/plain")
        client = form.pop("client", self.alice)
        file = SimpleUploadedFile("placeholder", data, content_type=kind)
        file._name = name  # as raw as it may come over the wire
        return client.post(self.url("uploads"), {"file": file, **form})

    def receive(self, **fields: Any) -> Message:
        """File another mail in the same conversation (or a new one with `conversation=None`)."""
        conversation = fields.pop("conversation", self.conversation)
        return mail_from(self.mailbox, conversation=conversation, **fields)


def mail_from(mailbox: Mailbox, *, conversation: Conversation | None = None, **fields: Any) -> Message:
    mail = IncomingMessage(**{"sender": ANN, "subject": "Order 118", "text": "Where is my bicycle?", **fields})
    return receive(mailbox=mailbox, mail=mail, conversation=conversation)


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
