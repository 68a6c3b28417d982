from typing import ClassVar

from django.db import models
from django.db.models import Q

from postroom.channels.mail.models.source import Source


class Census(models.Model):
    """What a source's server holds beside what we hold, as it was when it was last counted."""

    source = models.OneToOneField(Source, on_delete=models.CASCADE, related_name="census")
    # Somebody asked for new figures; None once they are there.
    asked_at = models.DateTimeField(null=True)
    # They also asked to fetch what is missing.
    fetch = models.BooleanField(default=False)
    leased_until = models.DateTimeField(null=True)
    # When the figures were taken; None before the first time.
    at = models.DateTimeField(null=True)
    # A list of postroom.channels.mail.figures.FolderFigures as plain values.
    folders = models.JSONField(default=list)
    # How many missing mails it brought.
    fetched = models.IntegerField(default=0)
    # Why the last try counted nothing, in a sentence.
    problem = models.TextField(default="", blank=True)
    problem_at = models.DateTimeField(null=True)

    class Meta:
        indexes: ClassVar = [
            models.Index(fields=["asked_at"], name="census_asked", condition=Q(asked_at__isnull=False)),
        ]

    def __str__(self) -> str:
        return f"{self.source_id} at {self.at}"
