from typing import ClassVar

from django.db import models
from django.db.models import Q

from postroom.channels.mail.models.incoming import IncomingMail
from postroom.channels.mail.models.source import FolderCursor, Source

# What may be wished for a mail on its server.
SEEN = "seen"
ARCHIVE = "archive"
JUNK = "junk"
DELETE = "delete"

# How a wish ended.
DONE = "done"
GONE = "gone"
FAILED = "failed"


class FetchTrouble(models.Model):
    """A mail that the server names and does not give: tried again some times, then shown. The next is not held up."""

    cursor = models.ForeignKey(FolderCursor, on_delete=models.CASCADE, related_name="troubles")
    # As the IncomingMail's would be.
    key = models.CharField(max_length=400, unique=True)
    # None where the server has no UIDs (POP3).
    uid = models.BigIntegerField(null=True)
    size = models.BigIntegerField(default=0)
    server_date = models.DateTimeField(null=True)
    # Sender and subject, when the server gave the head at least.
    about = models.CharField(max_length=300, default="", blank=True)
    # What the server did, in its own words or ours.
    words = models.TextField(default="", blank=True)
    # Counted before the mail is asked for.
    tries = models.IntegerField(default=0)
    first_at = models.DateTimeField()
    last_at = models.DateTimeField()
    # None: it is not asked for again unless somebody wants it.
    next_try_at = models.DateTimeField(null=True)

    class Meta:
        indexes: ClassVar = [
            models.Index(fields=["cursor", "next_try_at"], name="fetch_trouble_due"),
        ]

    def __str__(self) -> str:
        return f"{self.key} {self.tries}"

    @property
    def given_up(self) -> bool:
        """Whether nobody will ask for it again by itself."""
        return self.next_try_at is None


class PopName(models.Model):
    """A mail of a POP3 account that was looked at: by its UIDL (RFC 1939 7), never by its place in the list."""

    cursor = models.ForeignKey(FolderCursor, on_delete=models.CASCADE, related_name="pop_names")
    name = models.CharField(max_length=200)
    seen_at = models.DateTimeField()
    # None: it lay there before we came and was not wanted, so that it is not ours to delete either.
    mail = models.ForeignKey(IncomingMail, null=True, on_delete=models.SET_NULL, related_name="+")

    class Meta:
        constraints: ClassVar = [models.UniqueConstraint(fields=["cursor", "name"], name="pop_name_once")]

    def __str__(self) -> str:
        return self.name


class ServerWish(models.Model):
    """Something to do with a mail on its server, because of what the team did with it here."""

    source = models.ForeignKey(Source, on_delete=models.CASCADE, related_name="wishes")
    mail = models.ForeignKey(IncomingMail, on_delete=models.CASCADE, related_name="wishes")
    wish = models.CharField(max_length=10)
    made_at = models.DateTimeField()
    tries = models.IntegerField(default=0)
    next_try_at = models.DateTimeField(null=True)
    # Empty while it waits; then done, gone or failed.
    outcome = models.CharField(max_length=10, default="", blank=True)
    words = models.TextField(default="", blank=True)
    ended_at = models.DateTimeField(null=True)

    class Meta:
        constraints: ClassVar = [models.UniqueConstraint(fields=["mail", "wish"], name="server_wish_once")]
        indexes: ClassVar = [
            models.Index(fields=["source", "id"], name="server_wish_waiting", condition=Q(outcome="")),
        ]

    def __str__(self) -> str:
        return f"{self.wish} {self.mail_id} {self.outcome or 'waits'}"
