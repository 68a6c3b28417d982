from typing import ClassVar

from django.conf import settings
from django.db import models

from postroom.lib.sealing import unseal

LETTER_WAITING = "waiting"
LETTER_SENT = "sent"
LETTER_GIVEN_UP = "given_up"


class Letter(models.Model):
    """A mail of Postroom's own, to one person: the row is the queue. waiting -> sent, or given_up after a day."""

    to = models.CharField(max_length=254)
    name = models.CharField(max_length=120, default="", blank=True)
    subject = models.CharField(max_length=250)
    # Links in it open doors: sealed while it waits, and gone once nobody needs it.
    sealed_text = models.TextField(default="", blank=True)
    state = models.CharField(max_length=10, default=LETTER_WAITING)
    tries = models.IntegerField(default=0)
    # When to try next; None once it is over.
    next_at = models.DateTimeField(null=True)
    # Until when one worker has it for itself.
    leased_until = models.DateTimeField(null=True)
    # What went wrong last, in a sentence; empty when nothing did.
    problem = models.TextField(default="", blank=True)
    created_at = models.DateTimeField()
    sent_at = models.DateTimeField(null=True)

    class Meta:
        indexes: ClassVar = [models.Index(fields=["state", "next_at"], name="letter_queue")]

    def __str__(self) -> str:
        return f"{self.subject} to {self.to}"

    @property
    def text(self) -> str:
        """What it says, empty when that was let go; SealBroken when it was sealed with another key."""
        return unseal(self.sealed_text, key=settings.POSTROOM_KEY)
