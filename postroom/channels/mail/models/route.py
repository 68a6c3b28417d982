from django.db import models

from postroom.channels.mail.models.source import STARTTLS
from postroom.core.accounts.models import Mailbox

SMTP = "smtp"
TRAY = "tray"
NO_ROUTE = "none"


class Route(models.Model):
    """The way out of a mailbox: an SMTP server, the demo's mail tray, or none yet."""

    mailbox = models.OneToOneField(Mailbox, on_delete=models.CASCADE, related_name="route")
    kind = models.CharField(max_length=10, default=NO_ROUTE)
    host = models.CharField(max_length=253, default="", blank=True)
    port = models.IntegerField(default=587)
    security = models.CharField(max_length=10, default=STARTTLS)
    # Empty: the server lets us send without a password.
    username = models.CharField(max_length=320, default="", blank=True)
    sealed_password = models.TextField(default="", blank=True)
    # Signed in at the provider instead of with a password.
    grant = models.ForeignKey("OAuthGrant", null=True, on_delete=models.SET_NULL, related_name="+")
    last_ok_at = models.DateTimeField(null=True)
    last_error = models.TextField(default="", blank=True)
    last_error_at = models.DateTimeField(null=True)

    def __str__(self) -> str:
        return f"{self.kind} {self.host}".strip()
