from django.db import models

from postroom.channels.mail.models.source import STARTTLS, TLS
from postroom.core.accounts.models import Mailbox

GOOGLE = "google"
MICROSOFT = "microsoft"
OTHER = "other"


class OAuthClient(models.Model):
    """Postroom as a mail provider knows it: what the owner registered there, once for all mailboxes."""

    kind = models.CharField(max_length=10)
    # What its button says: Google, Microsoft 365, or the owner's own word.
    name = models.CharField(max_length=60)
    authorize_url = models.URLField(max_length=500)
    token_url = models.URLField(max_length=500)
    # Separated by spaces, as OAuth has them.
    scopes = models.TextField()
    client_id = models.CharField(max_length=400)
    # Empty for a public client.
    sealed_secret = models.TextField(default="", blank=True)
    # Microsoft's secrets end after two years at most; the provider tells nobody but the registrar.
    secret_expires_on = models.DateField(null=True)
    # Where this provider keeps its accounts' mail and takes their replies.
    imap_host = models.CharField(max_length=253, default="")
    imap_port = models.IntegerField(default=993)
    imap_security = models.CharField(max_length=10, default=TLS)
    smtp_host = models.CharField(max_length=253, default="")
    smtp_port = models.IntegerField(default=587)
    smtp_security = models.CharField(max_length=10, default=STARTTLS)
    created_at = models.DateTimeField()

    def __str__(self) -> str:
        return self.name


class OAuthGrant(models.Model):
    """A person's leave, given at the provider, to read and send one account's mail."""

    client = models.ForeignKey(OAuthClient, on_delete=models.PROTECT, related_name="grants")
    mailbox = models.ForeignKey(Mailbox, on_delete=models.CASCADE, related_name="+")
    # The account's own name at the provider.
    username = models.CharField(max_length=320)
    sealed_refresh_token = models.TextField(default="", blank=True)
    sealed_access_token = models.TextField(default="", blank=True)
    access_until = models.DateTimeField(null=True)
    # One process asks for a new token at a time: providers that change the refresh token take back all for two at once.
    refreshing_until = models.DateTimeField(null=True)
    granted_at = models.DateTimeField()
    # When the provider said that the leave is no longer valid, and in which words.
    withdrawn_at = models.DateTimeField(null=True)
    withdrawn_words = models.TextField(default="", blank=True)

    def __str__(self) -> str:
        return f"{self.username} by {self.client}"
