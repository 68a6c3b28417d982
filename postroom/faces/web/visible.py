"""The guarded nouns as this person sees them: each lookup starts from `visible_to`, and what is not there is 404."""

from django.db.models import Q
from django.http import HttpRequest
from django.shortcuts import get_object_or_404

from postroom.core.conversations.models import Attachment, Conversation, Message
from postroom.faces.web.access import person


def conversation_or_404(request: HttpRequest, conversation_id: int) -> Conversation:
    """Return the conversation with its mailbox, contact and owner."""
    rows = Conversation.objects.visible_to(person(request)).select_related("mailbox", "contact", "assignee", "team")
    return get_object_or_404(rows, pk=conversation_id)


def message_or_404(request: HttpRequest, message_id: int) -> Message:
    """Return the message with its conversation, mailbox and author."""
    visible = Conversation.objects.visible_to(person(request))
    rows = Message.objects.filter(conversation__in=visible).select_related("conversation__mailbox", "author")
    return get_object_or_404(rows, pk=message_id)


def attachment_or_404(request: HttpRequest, attachment_id: int) -> Attachment:
    """Return the file: one of a message, or one that this very person has uploaded and not sent yet."""
    user = person(request)
    own_or_sent = Q(message__isnull=False) | Q(uploaded_by=user)
    rows = Attachment.objects.filter(own_or_sent, conversation__in=Conversation.objects.visible_to(user))
    return get_object_or_404(rows, pk=attachment_id)
