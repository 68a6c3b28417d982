from typing import ClassVar

from django.db import models
from django.db.models import Q
from django.utils import timezone

from postroom.core.accounts.models import Mailbox, User
from postroom.core.conversations.models.conversation import Conversation


class Draft(models.Model):
    """What somebody is writing: a reply or note in one shared draft for a conversation, and one private for each
    person; one for each mail that they pass on or answer beside it; and one for the first mail of a conversation.
    """

    # Null: the first mail of a conversation that does not exist yet.
    conversation = models.ForeignKey(Conversation, null=True, on_delete=models.CASCADE, related_name="drafts")
    mailbox = models.ForeignKey(Mailbox, on_delete=models.CASCADE, related_name="+")
    # Whoever holds it: they began it, or took it over.
    author = models.ForeignKey(User, on_delete=models.CASCADE, related_name="+")
    shared = models.BooleanField(default=False)
    # reply, note, forward, beside or new.
    mode = models.CharField(max_length=10, default="reply")
    # The id of the message that is passed on, or answered beside the conversation; 0 for none.
    about = models.BigIntegerField(default=0)
    subject = models.CharField(max_length=500, default="", blank=True)
    # As the editor wrote it; cleaned whenever it is shown or sent.
    untrusted_html = models.TextField(default="", blank=True)
    # {"to": […], "cc": […], "bcc": […]} as typed; empty for the usual recipients.
    people = models.JSONField(default=dict, blank=True)
    # The ids of its uploads.
    files = models.JSONField(default=list, blank=True)
    # Counts up at each change: whoever saves over a version that they did not see is told.
    version = models.IntegerField(default=1)
    # What the writer knew when they began: the newest message, and the conversation's state.
    seen_message_id = models.BigIntegerField(null=True)
    seen_state = models.JSONField(default=dict, blank=True)
    created_at = models.DateTimeField(default=timezone.now)
    changed_at = models.DateTimeField(default=timezone.now)
    changed_by = models.ForeignKey(User, null=True, on_delete=models.SET_NULL, related_name="+")

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["conversation"], name="draft_shared_once", condition=Q(shared=True)),
            models.UniqueConstraint(
                fields=["conversation", "author", "mode", "about"], name="draft_private_once", condition=Q(shared=False)
            ),
            models.UniqueConstraint(fields=["author"], name="draft_first_once", condition=Q(conversation=None)),
        ]

    def __str__(self) -> str:
        return f"draft of {self.author_id} in {self.conversation_id}"


class DraftComment(models.Model):
    """What a colleague says about a draft before it is sent."""

    draft = models.ForeignKey(Draft, on_delete=models.CASCADE, related_name="comments")
    author = models.ForeignKey(User, null=True, on_delete=models.SET_NULL, related_name="+")
    text = models.TextField()
    at = models.DateTimeField(default=timezone.now)

    def __str__(self) -> str:
        return f"on {self.draft_id}"
