from typing import ClassVar

from django.db import models
from django.utils import timezone

from postroom.core.accounts.models import Mailbox, User


class TrustedImages(models.Model):
    """A sender whose mails to this mailbox show their images from outside at once, fetched by us as ever."""

    mailbox = models.ForeignKey(Mailbox, on_delete=models.CASCADE, related_name="+")
    # As postroom.lib.addresses.normalize makes it.
    email = models.CharField(max_length=254)
    by = models.ForeignKey(User, null=True, on_delete=models.SET_NULL, related_name="+")
    at = models.DateTimeField(default=timezone.now)

    class Meta:
        constraints: ClassVar = [models.UniqueConstraint(fields=["mailbox", "email"], name="trusted_images_once")]

    def __str__(self) -> str:
        return f"{self.email} in {self.mailbox_id}"
