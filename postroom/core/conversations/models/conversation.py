from typing import ClassVar

from django.db import models
from django.db.models import Q
from django.utils import timezone

from postroom.core.accounts.models import Mailbox, Team, User
from postroom.core.conversations.filters import ConversationQuerySet
from postroom.core.conversations.models.contact import Contact

OPEN = "open"
PENDING = "pending"
CLOSED = "closed"
SPAM = "spam"
# Out of sight until a moment, or until the customer answers.
SNOOZED = "snoozed"
TRASH = "trash"
STATUSES = (OPEN, PENDING, SNOOZED, CLOSED, SPAM, TRASH)
# All its messages went to another conversation: in no list any more, and its address leads there.
MERGED = "merged"

# What the columns below say of a conversation that is neither snoozed nor thrown away.
NOT_AWAY = {"snoozed_until": None, "wakes_on_answer": None, "status_before": None, "trashed_at": None}

PRIORITIES = {-1: "low", 0: "normal", 1: "high", 2: "urgent"}


class Conversation(models.Model):
    """What one customer and the team say to each other about one thing. Its number is its id."""

    mailbox = models.ForeignKey(Mailbox, on_delete=models.PROTECT)
    contact = models.ForeignKey(Contact, on_delete=models.PROTECT)
    subject = models.CharField(max_length=500, default="", blank=True)
    status = models.CharField(max_length=10, default=OPEN)
    # One owner: a person or a team, never both.
    assignee = models.ForeignKey(User, null=True, on_delete=models.SET_NULL, related_name="+")
    team = models.ForeignKey(Team, null=True, on_delete=models.SET_NULL, related_name="+")
    priority = models.SmallIntegerField(default=0)
    created_at = models.DateTimeField(default=timezone.now)
    closed_at = models.DateTimeField(null=True)
    # Where its messages went, when its status is merged.
    merged_into = models.ForeignKey("self", null=True, on_delete=models.SET_NULL, related_name="+")
    # Set: only its named people see it (filters.py). A moment and not a flag, since SQLite adds a column that may be
    # null without making the table anew.
    sensitive_since = models.DateTimeField(null=True)
    # When a snoozed one comes back; null: when the customer answers. Kept in the trash, so that it can go back to it.
    snoozed_until = models.DateTimeField(null=True)
    # False: it stays snoozed even when the customer answers. Null is as True.
    wakes_on_answer = models.BooleanField(null=True)
    # The status from which it was snoozed or thrown away, to go back to.
    status_before = models.CharField(max_length=10, null=True)
    trashed_at = models.DateTimeField(null=True)

    # Copies of what the list shows, kept by the verbs, so that a page of the list is one query.
    last_activity_at = models.DateTimeField(default=timezone.now)
    # When the oldest customer's message that nobody has answered arrived.
    waiting_since = models.DateTimeField(null=True)
    snippet = models.CharField(max_length=200, default="", blank=True)
    last_from = models.CharField(max_length=200, default="", blank=True)
    message_count = models.IntegerField(default=0)
    has_attachments = models.BooleanField(default=False)
    last_message_id = models.BigIntegerField(null=True)

    objects = ConversationQuerySet.as_manager()

    class Meta:
        # Measured: these give near-limit times for each folder; see ARCHITECTURE.md.
        indexes: ClassVar = [
            models.Index(fields=["mailbox", "status", "last_activity_at", "id"], name="conv_mailbox_list"),
            models.Index(fields=["status", "last_activity_at", "id"], name="conv_status_list"),
            models.Index(fields=["assignee", "status", "last_activity_at", "id"], name="conv_assignee_list"),
            models.Index(fields=["team", "status", "last_activity_at", "id"], name="conv_team_list"),
            models.Index(fields=["contact", "last_activity_at"], name="conv_contact"),
            models.Index(
                fields=["mailbox", "status", "last_activity_at", "id"],
                name="conv_unassigned_list",
                condition=Q(assignee__isnull=True, team__isnull=True),
            ),
            models.Index(fields=["mailbox", "id"], name="conv_sensitive", condition=Q(sensitive_since__isnull=False)),
            # For the sorts of a view; few conversations wait, and few are more or less than normal.
            models.Index(
                fields=["mailbox", "status", "waiting_since", "id"],
                name="conv_waiting_list",
                condition=Q(waiting_since__isnull=False),
            ),
            models.Index(
                fields=["mailbox", "status", "priority", "last_activity_at", "id"],
                name="conv_priority_list",
                condition=~Q(priority=0),
            ),
            models.Index(fields=["snoozed_until"], name="conv_snoozed", condition=Q(snoozed_until__isnull=False)),
            models.Index(fields=["trashed_at"], name="conv_trashed", condition=Q(trashed_at__isnull=False)),
        ]

    def __str__(self) -> str:
        return f"#{self.pk} {self.subject}"

    @property
    def number(self) -> int:
        return self.pk

    @property
    def sensitive(self) -> bool:
        """Whether only its named people see it."""
        return self.sensitive_since is not None


class Participant(models.Model):
    """An address that takes part in a conversation: only their mail can join it by quoting an id."""

    conversation = models.ForeignKey(Conversation, on_delete=models.CASCADE, related_name="participants")
    email = models.CharField(max_length=254)
    # When somebody took them out of the recipients: no later reply names them by itself.
    dropped_at = models.DateTimeField(null=True)

    class Meta:
        constraints: ClassVar = [models.UniqueConstraint(fields=["conversation", "email"], name="participant_once")]

    def __str__(self) -> str:
        return self.email
