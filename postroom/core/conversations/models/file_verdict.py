from typing import ClassVar

from django.db import models

WAITING = "waiting"
CLEAN = "clean"
INFECTED = "infected"


class FileVerdict(models.Model):
    """What the virus scanner says of some bytes, whatever they are called. A row is a wish first.

    There are none without a scanner (POSTROOM_CLAMD).
    """

    # SHA-256, as in Attachment.
    digest = models.CharField(max_length=64, primary_key=True)
    state = models.CharField(max_length=10, default=WAITING)
    # What it found there, in the scanner's own words.
    found = models.CharField(max_length=200, default="", blank=True)
    tries = models.IntegerField(default=0)
    next_at = models.DateTimeField()
    problem = models.CharField(max_length=300, default="", blank=True)
    checked_at = models.DateTimeField(null=True)

    class Meta:
        indexes: ClassVar = [
            models.Index(fields=["next_at"], name="verdict_wanted", condition=models.Q(state="waiting")),
        ]

    def __str__(self) -> str:
        return f"{self.digest[:12]} {self.state}"
