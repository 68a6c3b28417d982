"""The guarded nouns as this person sees them: each lookup starts from `visible_to`, and what is not there is 404.

Each lookup for a page (GET) is a reading, and the audit log says so (readings.py).
"""

from django.db.models import Q, QuerySet
from django.http import Http404, HttpRequest
from django.shortcuts import get_object_or_404

from postroom.core.accounts.models import User
from postroom.core.conversations.filters import seen_by
from postroom.core.conversations.models import Attachment, Conversation, Message
from postroom.faces.web import readings
from postroom.faces.web.access import person
from postroom.lib.prepared import prepared


def conversation_or_404(request: HttpRequest, conversation_id: int) -> Conversation:
    """Return the conversation with its mailbox, contact and owner."""
    found = _conversation(person(request), conversation_id)
    if not found:
        raise Http404
    readings.conversation_read(request, found[0])
    return found[0]


@prepared
def _conversation(user: User, conversation_id: int) -> QuerySet[Conversation]:
    rows = Conversation.objects.visible_to(user).filter(pk=conversation_id)
    return rows.select_related("mailbox", "contact", "assignee", "team")


def message_or_404(request: HttpRequest, message_id: int, *, even_retracted: bool = False) -> Message:
    """Return the message with its conversation, mailbox and author; a note that was taken back is not there."""
    rows = Message.objects.filter(seen_by(person(request), through="conversation"))
    if not even_retracted:
        rows = rows.filter(retracted_at=None)
    rows = rows.select_related("conversation__mailbox", "author")
    found = get_object_or_404(rows, pk=message_id)
    readings.conversation_read(request, found.conversation)
    return found


def attachment_or_404(request: HttpRequest, attachment_id: int, *, what: str = readings.ATTACHMENT) -> Attachment:
    """Return the file: one of a message, or one that this very person has uploaded and not sent yet.

    `what` is what the audit log calls it to open the file.
    """
    user = person(request)
    own_or_sent = Q(message__isnull=False) | Q(uploaded_by=user)
    # What waits for the first mail of a conversation is in none yet: its writer's alone.
    waits = Q(conversation=None, message=None, uploaded_by=user)
    rows = Attachment.objects.filter(
        waits | (own_or_sent & seen_by(user, through="conversation")), message__retracted_at=None
    )
    found = get_object_or_404(rows.select_related("conversation"), pk=attachment_id)
    readings.attachment_read(request, found, what=what)
    return found
