from typing import ClassVar

from django.db import models

from postroom.core.accounts.models import User
from postroom.core.conversations.models.conversation import Conversation


class AnswerableLetter(models.Model):
    """What an answer to one of our letters of news belongs to, and what its reader knew when it was written.

    Without a conversation the letter says nothing that could be answered by mail, or the conversation is gone.
    """

    # No foreign key: sent letters are forgotten after a while, and answers come late.
    letter_id = models.BigIntegerField(unique=True)
    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="+")
    conversation = models.ForeignKey(Conversation, null=True, on_delete=models.SET_NULL, related_name="+")
    # The newest message and the conversation's state (postroom.core.conversations.state), as the letter had them.
    seen = models.BigIntegerField(default=0)
    state = models.CharField(max_length=120, default="", blank=True)
    # It says what became of an answer by mail.
    back = models.BooleanField(default=False)
    # Of which mails something was made: the same mail may be delivered twice.
    answers = models.JSONField(default=list)
    created_at = models.DateTimeField()
    # Later answers are not taken.
    until = models.DateTimeField(db_index=True)

    class Meta:
        indexes: ClassVar = [models.Index(fields=["user", "created_at"], name="answerable_of_person")]

    def __str__(self) -> str:
        return f"letter {self.letter_id} to {self.user_id}"
