"""What happened in one conversation, in order: messages and events."""

from django.db.models import QuerySet

from postroom.core.conversations.models import Attachment, Conversation, Delivery, Message
from postroom.core.conversations.models.message import CANCELLED
from postroom.core.events.models import Event
from postroom.lib.beside import put_beside
from postroom.lib.prepared import prepared

# These are seen as the message itself, or as its state.
SEEN_AS_MESSAGE = (
    "message.received",
    "reply.elsewhere",
    "reply.queued",
    "note.added",
    "side.forwarded",
    "side.written",
    "side.answered",
    "conversation.begun",
    "reply.sent",
    "reply.sent_partly",
    "reply.held",
    "reply.deferred",
    "reply.refused",
    "reply.uncertain",
    "reply.bounced",
    "reply.delayed",
    "reply.arrived",
    "reply.rescheduled",
    "note.changed",
    "note.retracted",
    "note.restored",
)


def messages_of(conversation: Conversation) -> QuerySet[Message]:
    """Return the messages, oldest first, with authors and attachments; replies that were taken back are left out."""
    rows = conversation.messages.exclude(delivery=CANCELLED).select_related("author", "contact", "side_thread")
    return rows.prefetch_related("attachments", "deliveries").order_by("pk")


def events_of(conversation: Conversation) -> QuerySet[Event]:
    """Return the quiet lines of the timeline, oldest first."""
    return _events(conversation.pk)


def newest_messages(conversation: Conversation, *, most: int) -> list[Message]:
    """Return the newest of `messages_of`, oldest first: what a page needs, by statements that are made once."""
    messages = list(reversed(_newest(conversation.pk, most=most)))
    put_beside(messages, "attachments", _attachments)
    put_beside(messages, "deliveries", _deliveries)
    for message in messages:
        message.conversation = conversation
    return messages


def all_events(conversation: Conversation) -> list[Event]:
    """Return the list of `events_of`, by a statement that is made once."""
    return _all_events(conversation.pk)


def _events(conversation_id: int) -> QuerySet[Event]:
    return Event.objects.filter(conversation_id=conversation_id).exclude(kind__in=SEEN_AS_MESSAGE).order_by("pk")


_all_events = prepared(_events)


def _messages(conversation_id: int) -> QuerySet[Message]:
    rows = Message.objects.filter(conversation=conversation_id).exclude(delivery=CANCELLED)
    return rows.select_related("author", "contact", "side_thread")


@prepared
def _newest(conversation_id: int, *, most: int) -> QuerySet[Message]:
    return _messages(conversation_id).order_by("-pk")[:most]


@prepared
def _attachments(messages: list[int]) -> QuerySet[Attachment]:
    return Attachment.objects.filter(message__in=messages)


@prepared
def _deliveries(messages: list[int]) -> QuerySet[Delivery]:
    return Delivery.objects.filter(message__in=messages)
