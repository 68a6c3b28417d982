from typing import ClassVar

from django.db import models
from django.utils import timezone

from postroom.core.accounts.models import User
from postroom.core.conversations.models.conversation import Conversation
from postroom.core.conversations.models.message import Message


class Following(models.Model):
    """Somebody wants to hear of everything in a conversation that is not theirs."""

    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="+")
    conversation = models.ForeignKey(Conversation, on_delete=models.CASCADE, related_name="followers")
    at = models.DateTimeField(default=timezone.now)

    class Meta:
        constraints: ClassVar = [models.UniqueConstraint(fields=["user", "conversation"], name="following_once")]

    def __str__(self) -> str:
        return f"{self.user_id} follows {self.conversation_id}"


class Mention(models.Model):
    """A note names somebody."""

    message = models.ForeignKey(Message, on_delete=models.CASCADE, related_name="mentions")
    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="+")

    class Meta:
        constraints: ClassVar = [models.UniqueConstraint(fields=["message", "user"], name="mention_once")]
        indexes: ClassVar = [models.Index(fields=["user", "message"], name="mention_user")]

    def __str__(self) -> str:
        return f"{self.user_id} in {self.message_id}"
