from typing import ClassVar

from django.db import models

from postroom.channels.mail.models.source import STARTTLS
from postroom.core.accounts.models import Mailbox

SMTP = "smtp"
TRAY = "tray"
NO_ROUTE = "none"

# The ranks of a mailbox's routes: the usual one, and the spare one for when that fails.
USUAL = 0
SPARE = 1


class Route(models.Model):
    """A way out of a mailbox: an SMTP server, the demo's mail tray, or none yet. `rank` says which is tried first."""

    mailbox = models.ForeignKey(Mailbox, on_delete=models.CASCADE, related_name="routes")
    rank = models.SmallIntegerField(default=USUAL)
    kind = models.CharField(max_length=10, default=NO_ROUTE)
    host = models.CharField(max_length=253, default="", blank=True)
    port = models.IntegerField(default=587)
    security = models.CharField(max_length=10, default=STARTTLS)
    # Empty: the server lets us send without a password.
    username = models.CharField(max_length=320, default="", blank=True)
    sealed_password = models.TextField(default="", blank=True)
    # Signed in at the provider instead of with a password.
    grant = models.ForeignKey("OAuthGrant", null=True, on_delete=models.SET_NULL, related_name="+")
    # The largest mail the server takes, in bytes, as it said last (RFC 1870); None when it said nothing.
    max_size = models.BigIntegerField(null=True)
    # Since when it has been failing without a success in between; the spare one takes over after a while.
    failing_since = models.DateTimeField(null=True)
    last_ok_at = models.DateTimeField(null=True)
    last_error = models.TextField(default="", blank=True)
    last_error_at = models.DateTimeField(null=True)

    class Meta:
        # Whoever asks for a mailbox's first route means the usual one.
        ordering: ClassVar = ["mailbox", "rank"]
        constraints: ClassVar = [models.UniqueConstraint(fields=["mailbox", "rank"], name="route_once_a_rank")]

    def __str__(self) -> str:
        return f"{self.kind} {self.host}".strip()
