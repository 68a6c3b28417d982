from typing import ClassVar

from django.db import models
from django.db.models import Q


class AuditEntry(models.Model):
    """Who did, changed, opened or took out what, when and from where.

    Ids and names, not foreign keys: an entry outlives what it speaks of. Written by write.py, sealed by sealing.py and
    never changed: triggers refuse it (migration 0003).
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

    # What proves the entry, see proofs.py: three salted digests of what is personal, and the MAC over all the rest.
    digests = models.CharField(max_length=160, default="", blank=True)
    mac = models.CharField(max_length=64, default="", blank=True)
    # Its place in the chain, and the hash over it and everything before; none until the next round.
    seal = models.BigIntegerField(null=True, unique=True)
    hash = models.CharField(max_length=64, default="", blank=True)

    class Meta:
        indexes: ClassVar = [
            models.Index(fields=["actor_id", "id"], name="audit_actor"),
            models.Index(fields=["action", "id"], name="audit_action"),
            models.Index(fields=["conversation_id", "id"], name="audit_conversation"),
            models.Index(fields=["id"], name="audit_unsealed", condition=Q(seal__isnull=True)),
        ]

    def __str__(self) -> str:
        return f"{self.id} {self.action}"


class RefusedSignIn(models.Model):
    """How often one person's sign-in was refused to one network in one minute, until an entry says so (refusals.py)."""

    ip = models.CharField(max_length=45)
    # Nobody we know: 0, whatever was typed.
    person_id = models.BigIntegerField(default=0)
    minute = models.DateTimeField()
    # What the first of them called itself.
    device = models.CharField(max_length=200, default="", blank=True)
    n = models.IntegerField(default=0)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["minute", "ip", "person_id"], name="refused_once_a_minute"),
        ]

    def __str__(self) -> str:
        return f"{self.n} from {self.ip}"
