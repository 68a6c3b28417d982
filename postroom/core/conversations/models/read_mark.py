from typing import ClassVar

from django.db import models

from postroom.core.accounts.models import User
from postroom.core.conversations.models.conversation import Conversation


class ReadMark(models.Model):
    """How far one person has read one conversation; unread when a later message came."""

    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="+")
    conversation = models.ForeignKey(Conversation, on_delete=models.CASCADE, related_name="+")
    message_id = models.BigIntegerField()

    class Meta:
        constraints: ClassVar = [models.UniqueConstraint(fields=["user", "conversation"], name="read_mark_once")]

    def __str__(self) -> str:
        return f"{self.user_id} read {self.conversation_id} to {self.message_id}"
