"""What happened in one conversation, in order: messages and events."""

from django.db.models import QuerySet

from postroom.core.conversations.models import Conversation, Message
from postroom.core.conversations.models.message import CANCELLED
from postroom.core.events.models import Event

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
    return (
        conversation.messages.exclude(delivery=CANCELLED)
        .select_related("author", "contact", "side_thread")
        .prefetch_related("attachments", "deliveries")
        .order_by("pk")
    )


def events_of(conversation: Conversation) -> QuerySet[Event]:
    """Return the quiet lines of the timeline, oldest first."""
    return Event.objects.filter(conversation_id=conversation.pk).exclude(kind__in=SEEN_AS_MESSAGE).order_by("pk")
