from typing import ClassVar

from django.db import models
from django.db.models import Q

from postroom.core.accounts.models import Mailbox

STORED = "stored"
FILED = "filed"
# A machine's mail that is nobody's question: kept without a conversation, with the reason.
PARKED = "parked"
# It could not be understood: a person looks at it.
QUARANTINED = "quarantined"
DUPLICATE = "duplicate"


class IncomingMail(models.Model):
    """One raw mail that we answered for: its bytes are on the disk, and this row is both the queue and the history."""

    mailbox = models.ForeignKey(Mailbox, on_delete=models.CASCADE, related_name="+")
    transport = models.CharField(max_length=16)
    # What makes a second fetch of the same IMAP message the same row; None where the transport has no such name.
    source_key = models.CharField(max_length=400, null=True, unique=True)
    digest = models.CharField(max_length=64)
    size = models.BigIntegerField()
    envelope_from = models.CharField(max_length=320, default="", blank=True)
    envelope_to = models.CharField(max_length=320, default="", blank=True)
    received_at = models.DateTimeField()
    # Where it lay on the server, for mail that was fetched from a folder, and when the server got it (INTERNALDATE).
    cursor = models.ForeignKey(
        "FolderCursor", null=True, on_delete=models.SET_NULL, related_name="mails", db_index=False
    )
    uid = models.BigIntegerField(null=True)
    server_date = models.DateTimeField(null=True)
    # Written by one of us in another mail program: it came from the Sent folder.
    outgoing = models.BooleanField(default=False)
    # History: nobody is told and no conversation wakes.
    quiet = models.BooleanField(default=False)

    state = models.CharField(max_length=12, default=STORED)
    # Why it is parked or quarantined: a code of postroom.channels.mail.reasons.
    reason = models.CharField(max_length=40, default="", blank=True)
    # Counted and committed before the mail is looked at, so that one that kills the process is noticed.
    attempts = models.IntegerField(default=0)
    leased_until = models.DateTimeField(null=True)
    conversation_id = models.BigIntegerField(null=True)
    message_id = models.BigIntegerField(null=True)
    duplicate_of = models.ForeignKey("self", null=True, on_delete=models.SET_NULL, related_name="+")
    # What went wrong with it, in a sentence.
    problem = models.TextField(default="", blank=True)

    class Meta:
        indexes: ClassVar = [
            models.Index(fields=["id"], name="incoming_to_file", condition=Q(state=STORED)),
            models.Index(fields=["digest", "mailbox"], name="incoming_digest"),
            models.Index(fields=["mailbox", "state", "id"], name="incoming_ledger"),
            models.Index(fields=["cursor", "uid"], name="incoming_cursor"),
        ]

    def __str__(self) -> str:
        return f"{self.transport} {self.pk} {self.state}"
