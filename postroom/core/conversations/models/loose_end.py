from typing import ClassVar

from django.db import models

from postroom.core.accounts.models import Mailbox
from postroom.core.conversations.models.message import Message


class LooseEnd(models.Model):
    """An id that a message quotes and nobody here knows yet: when that mail comes late, the two belong together."""

    mailbox = models.ForeignKey(Mailbox, on_delete=models.CASCADE, related_name="+")
    rfc_id = models.CharField(max_length=998)
    message = models.ForeignKey(Message, on_delete=models.CASCADE, related_name="+")

    class Meta:
        indexes: ClassVar = [models.Index(fields=["rfc_id"], name="loose_end_rfc_id")]

    def __str__(self) -> str:
        return self.rfc_id
