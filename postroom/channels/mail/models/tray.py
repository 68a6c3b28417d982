from typing import ClassVar

from django.db import models

from postroom.core.accounts.models import Mailbox


class TrayMail(models.Model):
    """A mail that would have left the machine, kept for the Mail tray page."""

    mailbox = models.ForeignKey(Mailbox, on_delete=models.CASCADE, related_name="+")
    message_id = models.BigIntegerField()
    digest = models.CharField(max_length=64)
    envelope_from = models.CharField(max_length=320)
    # A list of addresses.
    envelope_to = models.JSONField(default=list)
    subject = models.CharField(max_length=500, default="", blank=True)
    at = models.DateTimeField()

    class Meta:
        indexes: ClassVar = [models.Index(fields=["mailbox", "at"], name="tray_list")]

    def __str__(self) -> str:
        return self.subject
