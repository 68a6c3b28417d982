from typing import ClassVar

from django.db import models


class AuditEntry(models.Model):
    """Who did, changed, opened or took out what, when and from where.

    Ids and names, not foreign keys: an entry outlives what it speaks of. Written by write.py and never changed.
    """

    id = models.BigAutoField(primary_key=True)
    at = models.DateTimeField()
    # Like "person.role", "sign_in.refused", "conversation.read".
    action = models.CharField(max_length=60)
    actor_kind = models.CharField(max_length=12)
    actor_id = models.BigIntegerField(null=True)
    actor_name = models.CharField(max_length=254, default="", blank=True)
    # From where: empty when nobody's browser asked for it.
    ip = models.CharField(max_length=45, default="", blank=True)
    device = models.CharField(max_length=200, default="", blank=True)
    # What it was done to, as "person:12", with its name at that time.
    subject = models.CharField(max_length=80, default="", blank=True)
    subject_name = models.CharField(max_length=254, default="", blank=True)
    mailbox_id = models.BigIntegerField(null=True)
    conversation_id = models.BigIntegerField(null=True)
    # Only what changed, and never a secret: for one, "changed" stands in its place.
    before = models.JSONField(default=dict)
    after = models.JSONField(default=dict)
    reason = models.TextField(default="", blank=True)

    class Meta:
        indexes: ClassVar = [
            models.Index(fields=["actor_id", "id"], name="audit_actor"),
            models.Index(fields=["action", "id"], name="audit_action"),
            models.Index(fields=["conversation_id", "id"], name="audit_conversation"),
        ]

    def __str__(self) -> str:
        return f"{self.id} {self.action}"
