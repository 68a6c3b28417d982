from typing import ClassVar

from django.db import models
from django.utils import timezone

from postroom.core.accounts.models import User
from postroom.core.conversations.models.conversation import Conversation


class SideThread(models.Model):
    """What the team says to a third party about a conversation: a supplier, an expert. The customer never sees it."""

    conversation = models.ForeignKey(Conversation, on_delete=models.CASCADE, related_name="side_threads")
    subject = models.CharField(max_length=500, default="", blank=True)
    # A list of {"name": …, "email": …}: to whom it goes by default.
    people = models.JSONField(default=list)
    by = models.ForeignKey(User, null=True, on_delete=models.SET_NULL, related_name="+")
    created_at = models.DateTimeField(default=timezone.now)

    class Meta:
        indexes: ClassVar = [models.Index(fields=["conversation", "id"], name="side_thread_conversation")]

    def __str__(self) -> str:
        return f"beside {self.conversation_id}: {self.subject}"
