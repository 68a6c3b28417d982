from typing import ClassVar

from django.db import models

from postroom.core.accounts.models import User
from postroom.core.conversations.models.message import Message


class NoteVersion(models.Model):
    """What a note said before it was changed."""

    message = models.ForeignKey(Message, on_delete=models.CASCADE, related_name="versions")
    text = models.TextField(default="", blank=True)
    untrusted_html = models.TextField(default="", blank=True)
    # Who changed it, and when: until then it said this.
    by = models.ForeignKey(User, null=True, on_delete=models.SET_NULL, related_name="+")
    at = models.DateTimeField()

    class Meta:
        indexes: ClassVar = [models.Index(fields=["message", "id"], name="note_version_message")]

    def __str__(self) -> str:
        return f"{self.message_id} until {self.at}"
