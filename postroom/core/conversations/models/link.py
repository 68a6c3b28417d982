from typing import ClassVar

from django.db import models
from django.db.models import F, Q
from django.utils import timezone

from postroom.core.accounts.models import User
from postroom.core.conversations.models.conversation import Conversation


class ConversationLink(models.Model):
    """Two conversations that have to do with each other; the one with the lower number is `one`."""

    one = models.ForeignKey(Conversation, on_delete=models.CASCADE, related_name="+")
    other = models.ForeignKey(Conversation, on_delete=models.CASCADE, related_name="+")
    by = models.ForeignKey(User, null=True, on_delete=models.SET_NULL, related_name="+")
    at = models.DateTimeField(default=timezone.now)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["one", "other"], name="link_once"),
            models.CheckConstraint(condition=Q(one__lt=F("other")), name="link_in_order"),
        ]

    def __str__(self) -> str:
        return f"{self.one_id} and {self.other_id}"
