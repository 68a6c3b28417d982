from typing import ClassVar

from django.db import models

from postroom.core.accounts.models import Mailbox
from postroom.core.conversations.models import Message

# Whether a sent mail is laid into the Sent folder: by what the server does itself, in any case, or not at all.
COPY_AS_NEEDED = "auto"
COPY_ALWAYS = "always"
COPY_NEVER = "never"

# The ways of a copy: waiting -> laid; or unneeded, where the server keeps what it sends; or given up.
COPY_WAITING = "waiting"
COPY_LAID = "laid"
COPY_UNNEEDED = "unneeded"
COPY_GIVEN_UP = "given_up"


class SendingRules(models.Model):
    """How a mailbox sends: how much at a time, when by its spare server, and what is kept in its Sent folder."""

    mailbox = models.OneToOneField(Mailbox, on_delete=models.CASCADE, related_name="+")
    # Mails, at most; None is without a limit.
    per_minute = models.IntegerField(null=True)
    per_day = models.IntegerField(null=True)
    # Minutes that the usual server may put mail off before the spare one is used.
    spare_after = models.IntegerField(default=15)
    keep_copy = models.CharField(max_length=10, default=COPY_AS_NEEDED)

    def __str__(self) -> str:
        return f"{self.per_minute} a minute, {self.per_day} a day"


class Departure(models.Model):
    """A mail that left, or is leaving, counted against the mailbox's rates; kept for a day."""

    mailbox = models.ForeignKey(Mailbox, on_delete=models.CASCADE, related_name="+", db_index=False)
    message_id = models.BigIntegerField()
    at = models.DateTimeField()

    class Meta:
        indexes: ClassVar = [models.Index(fields=["mailbox", "at"], name="departure_rate")]

    def __str__(self) -> str:
        return f"{self.message_id} {self.at}"


class SentCopy(models.Model):
    """A mail that left and is to be laid into the mailbox's Sent folder: the queue of that job, and its history."""

    message = models.OneToOneField(Message, on_delete=models.CASCADE, related_name="+")
    mailbox = models.ForeignKey(Mailbox, on_delete=models.CASCADE, related_name="+")
    state = models.CharField(max_length=10, default=COPY_WAITING)
    # None once it is over.
    next_try_at = models.DateTimeField(null=True, db_index=True)
    attempts = models.IntegerField(default=0)
    folder = models.CharField(max_length=255, default="", blank=True)
    # What went wrong last, in a sentence.
    words = models.TextField(default="", blank=True)

    def __str__(self) -> str:
        return f"{self.message_id} {self.state}"


class DkimKey(models.Model):
    """The key by which mail of a domain is signed (RFC 6376); its public half belongs in the domain's DNS."""

    domain = models.CharField(max_length=253, unique=True)
    selector = models.CharField(max_length=63)
    sealed_key = models.TextField()
    # Base64, as it stands in the DNS record behind p=.
    public_key = models.TextField()
    # Mail is signed only once the record is there: a signature that nobody can check does harm.
    active = models.BooleanField(default=False)
    created_at = models.DateTimeField()

    def __str__(self) -> str:
        return f"{self.selector}._domainkey.{self.domain}"
