from typing import ClassVar

from django.db import models
from django.utils import timezone

from postroom.core.accounts.models import Mailbox
from postroom.core.conversations.models.conversation import Conversation


class FormerMailbox(models.Model):
    """A mailbox that a conversation was moved away from: what its customer still writes there belongs to it."""

    conversation = models.ForeignKey(Conversation, on_delete=models.CASCADE, related_name="former_mailboxes")
    mailbox = models.ForeignKey(Mailbox, on_delete=models.CASCADE, related_name="+")
    left_at = models.DateTimeField(default=timezone.now)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["conversation", "mailbox"], name="former_mailbox_once")
        ]

    def __str__(self) -> str:
        return f"{self.conversation_id} was in {self.mailbox_id}"
