from typing import ClassVar

from django.db import models

from postroom.core.accounts.models.person import User

DEVICE = "device"
NETWORK = "network"


class Session(models.Model):
    """One browser in which somebody is signed in, or is about to be (session_store.py is the engine that keeps it)."""

    # SHA-256 of the key in the browser's cookie: who reads this table cannot come in with it.
    digest = models.CharField(max_length=64, unique=True)
    # As Django writes it: signed, with a hash of the password it was opened with.
    session_data = models.TextField()
    # By the policy's days and idle minutes; later activity moves it.
    expire_date = models.DateTimeField(db_index=True)
    # None until somebody has signed in.
    user = models.ForeignKey(User, null=True, on_delete=models.CASCADE, related_name="sessions")
    # What the browser called itself, and the address it came from last; both may be empty.
    device = models.CharField(max_length=200, default="", blank=True)
    ip = models.CharField(max_length=45, default="", blank=True)
    first_seen = models.DateTimeField()
    # Rounded to a minute or so: looking at a page should not write each time.
    last_seen = models.DateTimeField()
    # The KnownOrigin of the browser, forgotten with the session when that is ended from elsewhere.
    device_digest = models.CharField(max_length=64, default="", blank=True)

    class Meta:
        indexes: ClassVar = [models.Index(fields=["user", "last_seen"], name="session_of_person")]

    def __str__(self) -> str:
        return f"{self.user_id} since {self.first_seen:%Y-%m-%d}"


class KnownOrigin(models.Model):
    """A browser or a network from which a person has signed in before: nothing new when they do it again."""

    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="known_origins")
    kind = models.CharField(max_length=8)
    # SHA-256 of the token in the browser's long-lived cookie, or of the network.
    digest = models.CharField(max_length=64)
    first_at = models.DateTimeField()
    last_at = models.DateTimeField()

    class Meta:
        constraints: ClassVar = [models.UniqueConstraint(fields=["user", "digest"], name="known_once")]

    def __str__(self) -> str:
        return f"{self.kind} of {self.user_id}"
