from typing import ClassVar

from django.db import models
from django.utils import timezone

from postroom.core.accounts.models import User
from postroom.core.conversations.models.conversation import Conversation

VIEWING = "viewing"
WRITING = "writing"


class Presence(models.Model):
    """Somebody has a conversation open in one tab of a browser, and was heard of at `at`."""

    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="+")
    conversation = models.ForeignKey(Conversation, on_delete=models.CASCADE, related_name="+")
    # Made by the page; one browser has many.
    tab = models.CharField(max_length=32)
    state = models.CharField(max_length=10, default=VIEWING)
    at = models.DateTimeField(default=timezone.now)

    class Meta:
        constraints: ClassVar = [models.UniqueConstraint(fields=["user", "tab"], name="presence_once")]
        indexes: ClassVar = [
            models.Index(fields=["conversation", "at"], name="presence_conversation"),
            models.Index(fields=["at"], name="presence_at"),
        ]

    def __str__(self) -> str:
        return f"{self.user_id} {self.state} {self.conversation_id}"
