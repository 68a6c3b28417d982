from typing import ClassVar

from django.db import models

from postroom.core.accounts.models import Mailbox

TLS = "tls"
STARTTLS = "starttls"
NO_TLS = "none"

IMAP = "imap"
POP = "pop"

# What a folder's mail is to us.
ARRIVING = "in"
SENT = "sent"


class Source(models.Model):
    """A mail account that a mailbox's mail is fetched from, by IMAP or POP3."""

    kind = models.CharField(max_length=8, default=IMAP)
    mailbox = models.ForeignKey(Mailbox, on_delete=models.CASCADE, related_name="sources")
    host = models.CharField(max_length=253)
    port = models.IntegerField(default=993)
    security = models.CharField(max_length=10, default=TLS)
    username = models.CharField(max_length=320, default="", blank=True)
    sealed_password = models.TextField(default="", blank=True)
    # Signed in at the provider instead of with a password.
    grant = models.ForeignKey("OAuthGrant", null=True, on_delete=models.SET_NULL, related_name="+")
    folder = models.CharField(max_length=500, default="INBOX")
    # Whether the mail that lies in the folder at the first connection is taken too.
    import_existing = models.BooleanField(default=False)
    # Other folders that are fetched too: a list of names.
    more_folders = models.JSONField(default=list)
    # Answers written in another mail program lie there. An empty name: the server is asked which folder it is.
    reads_sent = models.BooleanField(default=True)
    sent_folder = models.CharField(max_length=500, default="", blank=True)
    # What the team does here may be done there too, when the owner wants it: mark as read, and for a closed
    # conversation "archive" or "delete", for spam "junk" or "delete". Empty: the mail stays where it is.
    marks_seen = models.BooleanField(default=False)
    when_closed = models.CharField(max_length=10, default="", blank=True)
    when_spam = models.CharField(max_length=10, default="", blank=True)
    archive_folder = models.CharField(max_length=500, default="", blank=True)
    junk_folder = models.CharField(max_length=500, default="", blank=True)
    # POP3 only: for how many days a mail that we hold stays on the server; None for ever.
    keep_days = models.IntegerField(null=True)
    active = models.BooleanField(default=True)
    last_ok_at = models.DateTimeField(null=True)
    last_error = models.TextField(default="", blank=True)
    last_error_at = models.DateTimeField(null=True)

    def __str__(self) -> str:
        return f"{self.username} at {self.host}"


class FolderCursor(models.Model):
    """How far a folder has been taken in. A UID means nothing without its UIDVALIDITY (RFC 3501 2.3.1.1)."""

    source = models.ForeignKey(Source, on_delete=models.CASCADE, related_name="cursors")
    folder = models.CharField(max_length=500)
    role = models.CharField(max_length=8, default=ARRIVING)
    uidvalidity = models.BigIntegerField()
    last_uid = models.BigIntegerField(default=0)
    # When the folder was first connected; None when its old mail was wanted too.
    begun_at = models.DateTimeField(null=True)
    # After the server has numbered the folder anew: up to here it is the same mail under other numbers.
    renumbered_to = models.BigIntegerField(default=0)
    # Up to here mail is fetched one by one: the line broke while several were asked for at once.
    careful_to = models.BigIntegerField(default=0)
    # A long way to go: how many mails there were to fetch, and how many of them are here. Both 0 when all are.
    backlog = models.IntegerField(default=0)
    fetched = models.IntegerField(default=0)

    class Meta:
        constraints: ClassVar = [models.UniqueConstraint(fields=["source", "folder"], name="cursor_once")]

    def __str__(self) -> str:
        return f"{self.folder} {self.uidvalidity}:{self.last_uid}"
