from django.db import models
from django.utils import timezone

from postroom.core.accounts.models import User
from postroom.core.conversations.models.contact import Contact
from postroom.core.conversations.models.conversation import Conversation


class ChosenContact(models.Model):
    """Whom a conversation is with, because somebody said so: what its mails say does not change it any more."""

    conversation = models.OneToOneField(
        Conversation, primary_key=True, on_delete=models.CASCADE, related_name="chosen_contact"
    )
    contact = models.ForeignKey(Contact, on_delete=models.CASCADE, related_name="+")
    by = models.ForeignKey(User, null=True, on_delete=models.SET_NULL, related_name="+")
    at = models.DateTimeField(default=timezone.now)

    def __str__(self) -> str:
        return f"{self.conversation_id} is with {self.contact_id}"
