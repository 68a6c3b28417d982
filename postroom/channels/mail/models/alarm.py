from typing import ClassVar

from django.db import models
from django.db.models import Q

from postroom.core.accounts.models import Mailbox


class Alarm(models.Model):
    """Something is wrong with a mailbox's mail for longer than usual; it ends by itself when that is over."""

    mailbox = models.ForeignKey(Mailbox, on_delete=models.CASCADE, related_name="alarms")
    # A code of postroom.channels.mail.alarm_words.
    kind = models.CharField(max_length=24)
    # What of the mailbox it is about, such as "source.3"; one alarm of a kind for each.
    about = models.CharField(max_length=60, default="", blank=True)
    since = models.DateTimeField()
    # The numbers and names of its sentence.
    detail = models.JSONField(default=dict)
    ended_at = models.DateTimeField(null=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["mailbox", "kind", "about"], name="alarm_once", condition=Q(ended_at__isnull=True)
            )
        ]
        indexes: ClassVar = [models.Index(fields=["mailbox", "-ended_at"], name="alarm_list")]

    def __str__(self) -> str:
        return f"{self.kind} {self.about}".strip()
