from typing import ClassVar

from django.db import models

from postroom.core.conversations.models.conversation import Conversation


class Tag(models.Model):
    """A word to find conversations by."""

    name = models.CharField(max_length=60, unique=True)
    conversations: "models.ManyToManyField[Conversation, ConversationTag]" = models.ManyToManyField(
        Conversation, through="ConversationTag", related_name="tags"
    )

    def __str__(self) -> str:
        return self.name

    @property
    def hue(self) -> int:
        """One of twelve hues (0–11), always the same for the same word."""
        return hue_of(self.name)


def hue_of(word: str) -> int:
    """Return the hue of a tag with this name."""
    return sum(word.encode()) % 12


class ConversationTag(models.Model):
    conversation = models.ForeignKey(Conversation, on_delete=models.CASCADE)
    tag = models.ForeignKey(Tag, on_delete=models.CASCADE)

    class Meta:
        constraints: ClassVar = [models.UniqueConstraint(fields=["conversation", "tag"], name="tagged_once")]

    def __str__(self) -> str:
        return f"{self.tag_id} on {self.conversation_id}"
