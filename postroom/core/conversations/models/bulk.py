from typing import ClassVar

from django.db import models
from django.db.models import Q
from django.utils import timezone

from postroom.core.accounts.models import User
from postroom.core.conversations.models.conversation import Conversation

WAITING = "waiting"
UNDERWAY = "underway"
DONE = "done"
STOPPED = "stopped"


class BulkJob(models.Model):
    """One verb for many conversations, carried out a stretch at a time by the worker, and undoable as a whole."""

    by = models.ForeignKey(User, on_delete=models.CASCADE, related_name="+")
    # A code of postroom.core.conversations.bulk, and what it needs.
    verb = models.CharField(max_length=20)
    arguments = models.JSONField(default=dict, blank=True)
    # The filter it was asked for, in the condition language or as a list's key; empty for a selection.
    condition = models.TextField(default="", blank=True)
    state = models.CharField(max_length=10, default=WAITING)
    total = models.IntegerField(default=0)
    done = models.IntegerField(default=0)
    # Left as they were: somebody else changed them, or they may not be changed.
    refused = models.IntegerField(default=0)
    # The job that this one takes back.
    undoes = models.OneToOneField("self", null=True, on_delete=models.CASCADE, related_name="undone_by")
    created_at = models.DateTimeField(default=timezone.now)
    ended_at = models.DateTimeField(null=True)
    leased_until = models.DateTimeField(null=True)

    class Meta:
        indexes: ClassVar = [
            models.Index(fields=["state", "id"], name="bulk_job_to_do", condition=Q(ended_at__isnull=True)),
            models.Index(fields=["by", "id"], name="bulk_job_by"),
        ]

    def __str__(self) -> str:
        return f"{self.verb} on {self.total}"


class BulkStep(models.Model):
    """One conversation of a job: still to do, or done, with what it was before."""

    job = models.ForeignKey(BulkJob, on_delete=models.CASCADE, related_name="steps")
    conversation = models.ForeignKey(Conversation, on_delete=models.CASCADE, related_name="+")
    # Null: not yet. True: changed. False: left as it was.
    changed = models.BooleanField(null=True)
    # What undoing it needs.
    before = models.JSONField(default=dict, blank=True)

    class Meta:
        constraints: ClassVar = [models.UniqueConstraint(fields=["job", "conversation"], name="bulk_step_once")]
        indexes: ClassVar = [
            models.Index(fields=["job", "id"], name="bulk_step_to_do", condition=Q(changed__isnull=True))
        ]

    def __str__(self) -> str:
        return f"{self.job_id}: {self.conversation_id}"
