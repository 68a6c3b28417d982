from typing import ClassVar

from django.db import models
from django.utils import timezone

from postroom.core.accounts.models import Mailbox

SMIME = "smime"
OPENPGP = "openpgp"

# Whose a key is: the mailbox's own, which opens mail; a correspondent's; an authority's that the owner trusts.
OWN = "own"
KNOWN = "known"
AUTHORITY = "authority"


class MailKey(models.Model):
    """A key or certificate that a mailbox holds or has learned."""

    mailbox = models.ForeignKey(Mailbox, on_delete=models.CASCADE, related_name="keys")
    kind = models.CharField(max_length=10)
    role = models.CharField(max_length=10)
    address = models.CharField(max_length=254, default="", blank=True)
    name = models.CharField(max_length=200, default="", blank=True)
    # SHA-256 of a certificate, the OpenPGP fingerprint of a key; lower-case hex.
    fingerprint = models.CharField(max_length=64)
    # Certificate as PEM, OpenPGP certificate ASCII-armored.
    public = models.TextField()
    # S/MIME: the key as PEM. OpenPGP: JSON of "key" (armored as uploaded) and "passphrase". Only for OWN.
    sealed_private = models.TextField(default="", blank=True)
    not_after = models.DateTimeField(null=True)
    known_since = models.DateTimeField(default=timezone.now)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["mailbox", "role", "fingerprint"], name="mail_key_once"),
        ]
        indexes: ClassVar = [models.Index(fields=["mailbox", "address"], name="mail_key_address")]

    def __str__(self) -> str:
        return f"{self.kind} {self.address}"
