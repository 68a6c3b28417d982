from typing import ClassVar

from django.db import models
from django.db.models import Q
from django.utils import timezone

from postroom.core.accounts.models import Mailbox, User


class TrashRule(models.Model):
    """After how many days in a mailbox's trash conversations are deleted for good; without a row never."""

    mailbox = models.OneToOneField(Mailbox, primary_key=True, on_delete=models.CASCADE, related_name="+")
    days = models.IntegerField()

    def __str__(self) -> str:
        return f"{self.mailbox_id}: {self.days} days"


class Emptying(models.Model):
    """The trash of one mailbox is being emptied, some conversations at a time, as far as it was thrown away by then."""

    mailbox = models.ForeignKey(Mailbox, on_delete=models.CASCADE, related_name="+")
    # Whoever asked for it: only what they may see is deleted. Null: the mailbox's rule.
    by = models.ForeignKey(User, null=True, on_delete=models.CASCADE, related_name="+")
    until = models.DateTimeField()
    deleted = models.IntegerField(default=0)
    created_at = models.DateTimeField(default=timezone.now)
    ended_at = models.DateTimeField(null=True)

    class Meta:
        indexes: ClassVar = [
            models.Index(fields=["id"], name="emptying_to_do", condition=Q(ended_at__isnull=True)),
        ]

    def __str__(self) -> str:
        return f"{self.mailbox_id} until {self.until}"


class ForgottenFile(models.Model):
    """Stored bytes that a deleted conversation named: they go, unless something else names the same."""

    digest = models.CharField(max_length=64, primary_key=True)
    # Not before: whoever stores the same bytes at this moment needs time to say so.
    at = models.DateTimeField(db_index=True)

    def __str__(self) -> str:
        return self.digest[:12]
