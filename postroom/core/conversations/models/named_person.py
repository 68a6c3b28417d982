from typing import TYPE_CHECKING, ClassVar

from django.db import models
from django.db.models import Q
from django.utils import timezone

from postroom.core.accounts.models import Mailbox, User

if TYPE_CHECKING:
    from postroom.core.conversations.models.conversation import Conversation


class NamedPerson(models.Model):
    """Somebody who may see one sensitive conversation. Everybody else, whatever their role, may not."""

    conversation: "models.ForeignKey[Conversation, Conversation]" = models.ForeignKey(
        "postroom_conversations.Conversation", on_delete=models.CASCADE, related_name="named"
    )
    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="+")
    # Null: for good, as long as they are on the mailbox. A moment: they broke the glass and see it until then.
    until = models.DateTimeField(null=True)
    # Who named them; nobody when the mailbox's setting did.
    by = models.ForeignKey(User, null=True, on_delete=models.SET_NULL, related_name="+")
    at = models.DateTimeField(default=timezone.now)

    class Meta:
        constraints: ClassVar = [models.UniqueConstraint(fields=["conversation", "user"], name="named_once")]
        indexes: ClassVar = [
            # Who reads beyond their time is few rows.
            models.Index(fields=["user", "until"], name="named_for_a_while", condition=Q(until__isnull=False)),
        ]

    def __str__(self) -> str:
        return f"{self.user_id} sees {self.conversation_id}"


class SensitiveMailbox(models.Model):
    """A mailbox whose every new conversation is sensitive, and who is named in each; without a row it is ordinary."""

    mailbox = models.OneToOneField(Mailbox, primary_key=True, on_delete=models.CASCADE, related_name="+")
    people = models.ManyToManyField(User, related_name="+")

    def __str__(self) -> str:
        return f"every conversation of {self.mailbox_id}"
