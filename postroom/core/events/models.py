from typing import ClassVar

from django.db import models


class Event(models.Model):
    """One thing that happened. Ids, not foreign keys: the log is the lowest room and outlives what it speaks of."""

    id = models.BigAutoField(primary_key=True)
    # PostgreSQL's transaction id, 0 on SQLite. Readers order by (xid, id): see log.py for the reason.
    xid = models.BigIntegerField(default=0)
    kind = models.CharField(max_length=60)
    at = models.DateTimeField()
    actor_kind = models.CharField(max_length=12)
    actor_id = models.BigIntegerField(null=True)
    mailbox_id = models.BigIntegerField(null=True)
    conversation_id = models.BigIntegerField(null=True)
    message_id = models.BigIntegerField(null=True)
    data = models.JSONField(default=dict)
    # One of very many at once (record.py): the open pages are told of them together, and not of each.
    bulk_id = models.BigIntegerField(null=True)

    class Meta:
        indexes: ClassVar = [
            models.Index(fields=["xid", "id"], name="event_order"),
            models.Index(fields=["conversation_id", "id"], name="event_conversation"),
        ]

    def __str__(self) -> str:
        return f"{self.id} {self.kind}"


class Bookmark(models.Model):
    """How far one follower has read the log."""

    follower = models.CharField(max_length=60, primary_key=True)
    xid = models.BigIntegerField(default=0)
    event_id = models.BigIntegerField(default=0)
    moved_at = models.DateTimeField(null=True)
    problem = models.TextField(default="")

    def __str__(self) -> str:
        return f"{self.follower} at {self.xid}-{self.event_id}"


class Heartbeat(models.Model):
    """When a kind of process was last seen at work; the health page reads it."""

    process = models.CharField(max_length=40, primary_key=True)
    beat_at = models.DateTimeField()

    def __str__(self) -> str:
        return f"{self.process} at {self.beat_at:%H:%M:%S}"
