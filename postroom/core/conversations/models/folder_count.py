from typing import ClassVar

from django.db import models

from postroom.core.accounts.models import Mailbox


class FolderCount(models.Model):
    """How many conversations a mailbox holds by status and owner; kept by database triggers, never counted."""

    mailbox = models.ForeignKey(Mailbox, on_delete=models.CASCADE, related_name="+")
    status = models.CharField(max_length=10)
    # 0: nobody's; the person's id; or the team's id below zero.
    owner = models.BigIntegerField()
    n = models.IntegerField(default=0)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["mailbox", "status", "owner"], name="folder_count_once")
        ]

    def __str__(self) -> str:
        return f"{self.mailbox_id} {self.status} {self.owner}: {self.n}"
