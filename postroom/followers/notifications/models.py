from typing import ClassVar

from django.db import models
from django.db.models import Q

from postroom.core.accounts.models import Mailbox, User
from postroom.core.conversations.models import Conversation

GIVEN = "given"
ANSWERED = "answered"
NOT_SENT = "not_sent"
# Somebody was named in a sensitive conversation, or somebody who is not named opened it.
NAMED = "named"
GLASS = "glass"
# Something is wrong with a mailbox's mail; no conversation is named.
ALARM = "alarm"
# Somebody signed in as this person with a browser or from a network that was new; neither is named.
SIGNED_IN = "signed_in"


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

    class Meta:
        constraints: ClassVar = [models.UniqueConstraint(fields=["user", "event_id"], name="notified_once")]
        indexes: ClassVar = [
            models.Index(fields=["user", "id"], name="notification_list"),
            models.Index(fields=["user"], name="notification_unseen", condition=Q(seen_at__isnull=True)),
        ]

    def __str__(self) -> str:
        return f"{self.reason} for {self.user_id}"
