from django.db import models

from postroom.core.conversations.models import Conversation


class Loop(models.Model):
    """A conversation in which programs answer each other; their mail is kept aside while they go on."""

    conversation = models.OneToOneField(Conversation, on_delete=models.CASCADE, related_name="loop")
    since = models.DateTimeField()
    # The last mail of a machine for this conversation, filed or parked: an hour of silence ends the loop.
    last_at = models.DateTimeField()
    parked = models.IntegerField(default=0)

    def __str__(self) -> str:
        return f"{self.conversation_id}: {self.parked}"
