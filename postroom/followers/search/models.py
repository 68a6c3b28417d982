"""What the index is made of. All of it can be made anew from the messages: `postroom search rebuild`."""

from typing import ClassVar

from django.db import models
from django.db.models import Q

from postroom.core.conversations.models import Message

WAITING = "waiting"
READ = "read"
# It holds no words, or nobody here can read it.
NOTHING = "nothing"


class Entry(models.Model):
    """The words of one message, folded (folding.py), with its marks (marks.py); found by the engine's own index.

    On SQLite `words` is text that triggers copy into an FTS5 table, on PostgreSQL a tsvector with a GIN index: see the
    migrations, which make the table by hand. Only writing.py writes it.
    """

    message = models.OneToOneField(Message, primary_key=True, on_delete=models.CASCADE, related_name="+")
    words = models.TextField()

    def __str__(self) -> str:
        return f"words of {self.message_id}"


class Stale(models.Model):
    """A message whose words are to be read again. `times` tells whether it changed once more meanwhile."""

    message_id = models.BigIntegerField(primary_key=True)
    times = models.IntegerField(default=1)
    at = models.DateTimeField()

    def __str__(self) -> str:
        return f"{self.message_id}, {self.times} times"


class Word(models.Model):
    """A word that some message holds, and in about how many: counted on every sixteenth message."""

    word = models.CharField(max_length=64, primary_key=True)
    n = models.BigIntegerField(default=1)

    def __str__(self) -> str:
        return f"{self.word} ({self.n})"


class Near(models.Model):
    """A word under a check sum of itself without a letter: two words that differ in one letter share one."""

    key = models.BigIntegerField()
    word = models.CharField(max_length=24)

    class Meta:
        indexes: ClassVar = [models.Index(fields=["key"], name="search_near_key")]

    def __str__(self) -> str:
        return f"{self.word} by {self.key}"


class FileText(models.Model):
    """What an attached file says, read once for the same bytes whoever sent them."""

    digest = models.CharField(max_length=64, primary_key=True)
    # How it is to be read: a name of reading.READERS.
    form = models.CharField(max_length=8)
    state = models.CharField(max_length=8, default=WAITING)
    text = models.TextField(default="", blank=True)
    tries = models.IntegerField(default=0)
    next_at = models.DateTimeField()
    # Why there is no text, for whoever keeps the installation.
    problem = models.CharField(max_length=200, default="", blank=True)

    class Meta:
        indexes: ClassVar = [
            models.Index(fields=["next_at"], name="search_files_waiting", condition=Q(state="waiting")),
        ]

    def __str__(self) -> str:
        return f"{self.form} {self.digest[:12]}"
