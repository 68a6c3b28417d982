from typing import ClassVar

from django.db import models

from postroom.core.accounts.models import Mailbox

TLS = "tls"
STARTTLS = "starttls"
NO_TLS = "none"


class Source(models.Model):
    """An IMAP account that a mailbox's mail is fetched from."""

    mailbox = models.ForeignKey(Mailbox, on_delete=models.CASCADE, related_name="sources")
    host = models.CharField(max_length=253)
    port = models.IntegerField(default=993)
    security = models.CharField(max_length=10, default=TLS)
    username = models.CharField(max_length=320, default="", blank=True)
    sealed_password = models.TextField(default="", blank=True)
    # Signed in at the provider instead of with a password.
    grant = models.ForeignKey("OAuthGrant", null=True, on_delete=models.SET_NULL, related_name="+")
    folder = models.CharField(max_length=255, default="INBOX")
    # Whether the mail that lies in the folder at the first connection is taken too.
    import_existing = models.BooleanField(default=False)
    active = models.BooleanField(default=True)
    last_ok_at = models.DateTimeField(null=True)
    last_error = models.TextField(default="", blank=True)
    last_error_at = models.DateTimeField(null=True)

    def __str__(self) -> str:
        return f"{self.username} at {self.host}"


class FolderCursor(models.Model):
    """How far a folder has been taken in. A UID means nothing without its UIDVALIDITY (RFC 3501 2.3.1.1)."""

    source = models.ForeignKey(Source, on_delete=models.CASCADE, related_name="cursors")
    folder = models.CharField(max_length=255)
    uidvalidity = models.BigIntegerField()
    last_uid = models.BigIntegerField(default=0)
    # When the folder was first connected; None when its old mail was wanted too.
    begun_at = models.DateTimeField(null=True)
    # After the server has numbered the folder anew: up to here it is the same mail under other numbers.
    renumbered_to = models.BigIntegerField(default=0)

    class Meta:
        constraints: ClassVar = [models.UniqueConstraint(fields=["source", "folder"], name="cursor_once")]

    def __str__(self) -> str:
        return f"{self.folder} {self.uidvalidity}:{self.last_uid}"
