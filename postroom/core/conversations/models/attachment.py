from typing import ClassVar

from django.db import models
from django.utils import timezone

from postroom.core.accounts.models import User
from postroom.core.conversations.models.conversation import Conversation
from postroom.core.conversations.models.message import Message


class Attachment(models.Model):
    """A file of a message; until its reply is sent it belongs to the conversation and to the agent who uploaded it."""

    # Null: it waits for the first mail of a conversation that does not exist yet.
    conversation = models.ForeignKey(Conversation, null=True, on_delete=models.CASCADE, related_name="+")
    message = models.ForeignKey(Message, null=True, on_delete=models.CASCADE, related_name="attachments")
    uploaded_by = models.ForeignKey(User, null=True, on_delete=models.SET_NULL, related_name="+")
    name = models.CharField(max_length=255)
    content_type = models.CharField(max_length=120, default="application/octet-stream")
    size = models.BigIntegerField(default=0)
    digest = models.CharField(max_length=64)
    # Content-ID without angle brackets, for images inside the HTML.
    content_id = models.CharField(max_length=255, default="", blank=True)
    inline = models.BooleanField(default=False)
    created_at = models.DateTimeField(default=timezone.now)

    class Meta:
        indexes: ClassVar = [models.Index(fields=["message", "id"], name="attachment_message")]

    def __str__(self) -> str:
        return self.name
