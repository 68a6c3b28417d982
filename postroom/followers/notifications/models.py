from typing import ClassVar

from django.db import models
from django.db.models import Q

from postroom.core.accounts.models import Mailbox, User
from postroom.core.accounts.models.session import Session
from postroom.core.conversations.models import Conversation

GIVEN = "given"
ANSWERED = "answered"
NOT_SENT = "not_sent"
# A colleague named this person in a note, or something happened in a conversation that they follow.
MENTIONED = "mentioned"
FOLLOWED = "followed"
# A new conversation that nobody has; for whoever asks to be told.
STARTED = "started"
# A colleague said something about this person's draft, or goes on with it.
COMMENTED = "commented"
TAKEN_OVER = "taken_over"
# A conversation of theirs that slept is back.
WOKEN = "woken"
# Somebody was named in a sensitive conversation, or somebody who is not named opened it.
NAMED = "named"
GLASS = "glass"
# Something is wrong with a mailbox's mail; no conversation is named.
ALARM = "alarm"
# Somebody signed in as this person with a browser or from a network that was new; neither is named.
SIGNED_IN = "signed_in"
# They want to see that a push arrives; it is in no list.
TRIAL = "trial"


class Notification(models.Model):
    """Something one person should know: work they were given, a customer who answered, mail that has trouble."""

    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="+")
    # What it is about: one of the two, or neither for what is about the person.
    conversation = models.ForeignKey(Conversation, null=True, on_delete=models.CASCADE, related_name="+")
    mailbox = models.ForeignKey(Mailbox, null=True, on_delete=models.CASCADE, related_name="+")
    event_id = models.BigIntegerField()
    reason = models.CharField(max_length=12)
    # Who caused it, as they were called then; for an alarm, its code; for a sign-in, the address and the browser.
    who = models.CharField(max_length=200, default="", blank=True)
    at = models.DateTimeField()
    seen_at = models.DateTimeField(null=True)
    # Not in the list "For you": the person wants this kind by push or mail only.
    unlisted = models.BooleanField(default=False)

    class Meta:
        constraints: ClassVar = [models.UniqueConstraint(fields=["user", "event_id"], name="notified_once")]
        indexes: ClassVar = [
            models.Index(fields=["user", "id"], name="notification_list"),
            models.Index(fields=["user"], name="notification_unseen", condition=Q(seen_at__isnull=True)),
        ]

    def __str__(self) -> str:
        return f"{self.reason} for {self.user_id}"


class Choices(models.Model):
    """How one person wants to be told; without a row, as kinds.py has it and at any hour."""

    user = models.OneToOneField(User, on_delete=models.CASCADE, related_name="+")
    # Reason -> the ways that were chosen; a kind that is not in it goes its usual ways.
    ways = models.JSONField(default=dict, blank=True)
    # "22:00" and "07:00" in the person's own time zone; both empty for no quiet hours.
    quiet_from = models.CharField(max_length=5, default="", blank=True)
    quiet_until = models.CharField(max_length=5, default="", blank=True)
    # Told by push and mail in the hours of their profile only.
    only_working_hours = models.BooleanField(default=False)
    # A push says who and what it is about; else only that there is something.
    says_more = models.BooleanField(default=False)

    def __str__(self) -> str:
        return f"of {self.user_id}"


class PushDevice(models.Model):
    """One browser that lets itself be told through its maker's push service (RFC 8030), while it is signed in."""

    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="+")
    # Nobody is told on a browser in which they are signed out.
    session = models.ForeignKey(Session, on_delete=models.CASCADE, related_name="+")
    endpoint = models.TextField()
    # SHA-256 of the endpoint, which may be as long as it likes.
    digest = models.CharField(max_length=64, unique=True)
    # The browser's public key and its secret (RFC 8291), as it gives them: URL-safe base64.
    p256dh = models.CharField(max_length=128)
    auth = models.CharField(max_length=64)
    device = models.CharField(max_length=200, default="", blank=True)
    created_at = models.DateTimeField()
    told_at = models.DateTimeField(null=True)
    # What the push service said last, in a sentence; empty when all is well.
    problem = models.TextField(default="", blank=True)

    def __str__(self) -> str:
        return f"{self.device} of {self.user_id}"


class Telling(models.Model):
    """A notification on its way to a browser, or with no device by mail: the row is the queue, gone when it is over."""

    notification = models.ForeignKey(Notification, on_delete=models.CASCADE, related_name="+")
    device = models.ForeignKey(PushDevice, null=True, on_delete=models.CASCADE, related_name="+")
    # When to tell: later than now in quiet hours, and after a try that failed.
    next_at = models.DateTimeField(db_index=True)
    # Until when one worker has it for itself.
    leased_until = models.DateTimeField(null=True)
    tries = models.IntegerField(default=0)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["notification", "device"], name="told_once"),
            models.UniqueConstraint(fields=["notification"], name="mailed_once", condition=Q(device__isnull=True)),
        ]

    def __str__(self) -> str:
        return f"{self.notification_id} by {'push' if self.device_id else 'mail'}"


class PushKey(models.Model):
    """The pair of keys by which push services know this Postroom (RFC 8292): one row, with id 1."""

    # The private number, as URL-safe base64.
    sealed_private = models.TextField()
    # An uncompressed point of P-256, as URL-safe base64: browsers subscribe with it.
    public = models.CharField(max_length=100)

    def __str__(self) -> str:
        return "push key"
