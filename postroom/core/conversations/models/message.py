from typing import ClassVar

from django.db import models
from django.db.models import Q
from django.utils import timezone

from postroom.core.accounts.models import User
from postroom.core.conversations.models.contact import Contact
from postroom.core.conversations.models.conversation import Conversation
from postroom.core.conversations.models.side_thread import SideThread

IN = "in"
OUT = "out"
NOTE = "note"

# The ways of a reply: queued -> leased -> sending -> sent; deferred goes round again; the others wait for a person.
QUEUED = "queued"
LEASED = "leased"
SENDING = "sending"
SENT = "sent"
DEFERRED = "deferred"
REFUSED = "refused"
UNCERTAIN = "uncertain"
CANCELLED = "cancelled"


class Message(models.Model):
    """One mail in, one reply out or one note for colleagues."""

    conversation = models.ForeignKey(Conversation, on_delete=models.CASCADE, related_name="messages")
    kind = models.CharField(max_length=8)
    author = models.ForeignKey(User, null=True, on_delete=models.SET_NULL, related_name="+")
    contact = models.ForeignKey(Contact, null=True, on_delete=models.SET_NULL, related_name="+")
    created_at = models.DateTimeField(default=timezone.now)

    from_name = models.CharField(max_length=200, default="", blank=True)
    from_email = models.CharField(max_length=254, default="", blank=True)
    # Where the sender wants the answer, when that is not From.
    reply_to = models.CharField(max_length=254, default="", blank=True)
    # Lists of {"name": …, "email": …}.
    to = models.JSONField(default=list)
    cc = models.JSONField(default=list)
    bcc = models.JSONField(default=list)
    subject = models.CharField(max_length=500, default="", blank=True)
    text = models.TextField(default="", blank=True)
    # As the sender wrote it. Never shown but through postroom.lib.html.
    untrusted_html = models.TextField(default="", blank=True)

    # RFC 5322 Message-ID with its angle brackets; fixed before the first try to send.
    rfc_id = models.CharField(max_length=998, default="", blank=True)
    in_reply_to = models.TextField(default="", blank=True)
    references = models.TextField(default="", blank=True)
    # SHA-256 of the original bytes in the blob store.
    raw_digest = models.CharField(max_length=64, default="", blank=True)
    # What triage said: "" for a person's mail, else a code of postroom.core.conversations.automatic …
    automatic = models.CharField(max_length=20, default="", blank=True)
    # … and what in the mail says so: a header as it came.
    automatic_by = models.CharField(max_length=200, null=True)
    # Why it is in this conversation: a code of postroom.core.conversations.evidence and its detail (an id, a subject).
    joined_by = models.CharField(max_length=20, default="", blank=True)
    joined_detail = models.CharField(max_length=300, default="", blank=True)
    # A conversation that it may belong to (the mail quotes it, its sender takes no part there), and why.
    offered_id = models.BigIntegerField(null=True)
    offered_by = models.CharField(max_length=20, default="", blank=True)
    # The first 22 bytes of Outlook's Thread-Index, in hex: the same for a whole thread (MS-OXOMSG 2.2.1.3).
    thread_index = models.CharField(max_length=44, default="", blank=True)
    # What its signature or encryption came to, see postroom.channels.mail.protection; empty for ordinary mail.
    protection = models.JSONField(default=dict)
    # What could not be understood of the mail, in sentences.
    problems = models.JSONField(default=list)

    # Unique per composer: a second click, or a retry after a lost answer, finds the first message.
    client_token = models.CharField(max_length=64, null=True, unique=True)

    delivery = models.CharField(max_length=10, default="", blank=True)
    send_after = models.DateTimeField(null=True)
    leased_until = models.DateTimeField(null=True)
    attempts = models.IntegerField(default=0)
    # The server's own words of the last try.
    delivery_words = models.TextField(default="", blank=True)
    sent_at = models.DateTimeField(null=True)
    # Not null: it is not said to the customer, nor by them, but to and by a third party.
    side_thread = models.ForeignKey(SideThread, null=True, on_delete=models.SET_NULL, related_name="messages")
    # True: it is cancelled when the customer writes before it leaves.
    cancel_if_answered = models.BooleanField(null=True)
    # Of a note: when its words were last changed (MessageVersion has the older ones), or when it was taken back.
    edited_at = models.DateTimeField(null=True)
    retracted_at = models.DateTimeField(null=True)

    class Meta:
        indexes: ClassVar = [
            models.Index(fields=["conversation", "id"], name="message_conversation"),
            models.Index(fields=["rfc_id"], name="message_rfc_id"),
            # `thread_index > ''` has to stand in the statement, see below.
            models.Index(fields=["thread_index"], name="message_thread_index", condition=Q(thread_index__gt="")),
            # SQLite takes a partial index only when it sees in the statement's own text that the condition holds:
            # `send_after <= ?` says that it is not null, but `delivery IN (?, ?)` says nothing (measured: a scan).
            models.Index(
                fields=["delivery", "send_after", "id"],
                name="message_to_send",
                condition=Q(send_after__isnull=False),
            ),
            # The words themselves have to stand in the statement, too (postroom.core.outbox.stuck).
            models.Index(
                fields=["delivery", "id"], name="message_stuck", condition=Q(delivery__in=(REFUSED, UNCERTAIN))
            ),
            models.Index(fields=["leased_until"], name="message_leased", condition=Q(leased_until__isnull=False)),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.pk}"
