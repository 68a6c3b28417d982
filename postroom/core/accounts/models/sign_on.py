from typing import ClassVar

from django.db import models
from django.utils import timezone

from postroom.core.accounts.models.mailbox import Mailbox
from postroom.core.accounts.models.person import AGENT, User

GOOGLE = "google"
MICROSOFT = "microsoft"
OPENID = "openid"
SAML = "saml"
LDAP = "ldap"
# Those that speak OpenID Connect.
OPENID_KINDS = (GOOGLE, MICROSOFT, OPENID)

TLS = "tls"
STARTTLS = "starttls"
CLEAR = "clear"


class SignInProvider(models.Model):
    """Somebody else who may say who a person is, so that they need no password of ours."""

    kind = models.CharField(max_length=12)
    # On its button, and what people call it.
    name = models.CharField(max_length=60)
    enabled = models.BooleanField(default=True)
    created_at = models.DateTimeField(default=timezone.now)

    # OpenID Connect's issuer or SAML's entity id: who is believed. A link holds for this one only.
    issuer = models.CharField(max_length=500, default="", blank=True)
    client_id = models.CharField(max_length=400, default="", blank=True)
    # OpenID Connect's client secret, or the directory's password.
    sealed_secret = models.TextField(default="", blank=True)

    # SAML's metadata as it was typed or fetched last; the address is empty when it was typed.
    metadata_url = models.CharField(max_length=500, default="", blank=True)
    metadata = models.TextField(default="", blank=True)

    # The directory.
    host = models.CharField(max_length=253, default="", blank=True)
    port = models.IntegerField(default=0)
    security = models.CharField(max_length=10, default=TLS)
    bind_dn = models.CharField(max_length=500, default="", blank=True)
    base_dn = models.CharField(max_length=500, default="", blank=True)
    # With {login} where the typed name goes.
    search = models.CharField(max_length=500, default="", blank=True)
    # Attributes: of the directory's rows, or SAML's where their names are odd; empty for the usual ones.
    subject_attribute = models.CharField(max_length=200, default="", blank=True)
    email_attribute = models.CharField(max_length=200, default="", blank=True)
    name_attribute = models.CharField(max_length=200, default="", blank=True)

    # Whether its word for an address is enough where its protocol has no word for "verified" (SAML, LDAP).
    trusts_addresses = models.BooleanField(default=False)
    # Whether we ask for no second factor of ours when it says that it has asked for one.
    trusts_second_factor = models.BooleanField(default=False)
    # Only people with an address of these domains; empty for any.
    domains = models.JSONField(default=list, blank=True)
    # Whether somebody new is let in, and as what.
    takes_newcomers = models.BooleanField(default=False)
    newcomers_role = models.CharField(max_length=20, default=AGENT)
    newcomers_mailboxes = models.ManyToManyField(Mailbox, related_name="+", blank=True)

    def __str__(self) -> str:
        return self.name


class SignInLink(models.Model):
    """This person is that subject at a provider; whoever the provider calls so is signed in as them."""

    provider = models.ForeignKey(SignInProvider, on_delete=models.CASCADE, related_name="links")
    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="sign_in_links")
    # Who said it: a subject means nothing at another issuer (or at another tenant of the same one).
    issuer = models.CharField(max_length=500)
    subject = models.CharField(max_length=255)
    # The address it said last, to show which account it is; nobody is found by it.
    email = models.CharField(max_length=254, default="", blank=True)
    created_at = models.DateTimeField()
    last_used_at = models.DateTimeField(null=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["provider", "issuer", "subject"], name="subject_once"),
        ]

    def __str__(self) -> str:
        return f"{self.user_id} at {self.provider_id}"


class SpentAssertion(models.Model):
    """A SAML assertion that has signed somebody in; it does so once (SAML profiles, 4.1.4.5)."""

    # SHA-256 of the issuer and the assertion's id.
    digest = models.CharField(max_length=64, primary_key=True)
    # Nobody would take it afterwards anyway.
    until = models.DateTimeField(db_index=True)

    def __str__(self) -> str:
        return self.digest
