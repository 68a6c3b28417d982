"""A mail provider that mailboxes sign in at with OAuth 2."""

import re
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from postroom.channels.mail.actions.providers import Home, Registration, google, microsoft
from postroom.channels.mail.models import GOOGLE, MICROSOFT, OTHER, OAuthClient
from postroom.channels.mail.server_settings import ServerSettings
from postroom.channels.mail.transports.oauth import Endpoints, SignInTrouble, discover
from postroom.faces.web import server_guesses
from postroom.faces.web.forms.fields import HostField, LineField, PortField, SecretField
from postroom.faces.web.forms.mail_servers import SECURITIES

_NEEDED = _("This is needed.")


class TenantField(LineField):
    """An organisation at Microsoft: its id or its domain; it becomes part of an address."""

    def __init__(self, **options: Any) -> None:
        super().__init__(length=100, **options)

    def to_python(self, value: Any) -> str:
        text = super().to_python(value)
        if text and not re.fullmatch(r"[A-Za-z0-9.-]+", text):
            raise forms.ValidationError(_("This is not a tenant. It is an id such as 72f988bf-…, or a domain."))
        return text


class ProviderForm(forms.Form):
    """What the owner copies from the provider's page; Google and Microsoft need no addresses."""

    kind = forms.ChoiceField(choices=((GOOGLE, ""), (MICROSOFT, ""), (OTHER, "")), error_messages={"required": _NEEDED})
    client_id = LineField(length=400)
    secret = SecretField(required=False)
    secret_expires_on = forms.DateField(
        required=False, error_messages={"invalid": _("This is not a date. It should look like 2027-03-31.")}
    )
    tenant = TenantField(required=False)
    # The rest is for other providers only.
    name = LineField(length=60, required=False)
    issuer = LineField(length=300, required=False)
    scopes = LineField(length=1000, required=False)
    imap_host = HostField(required=False)
    imap_port = PortField()
    imap_security = forms.ChoiceField(choices=SECURITIES[:2], required=False)
    smtp_host = HostField(required=False)
    smtp_port = PortField()
    smtp_security = forms.ChoiceField(choices=SECURITIES[:2], required=False)

    def __init__(self, *args: Any, kept: OAuthClient | None = None, **options: Any) -> None:
        super().__init__(*args, **options)
        self.endpoints = Endpoints(kept.authorize_url, kept.token_url) if kept else Endpoints("", "")

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        if cleaned.get("kind") != OTHER:
            for field in ("name", "issuer", "scopes", "imap_host", "imap_port", "smtp_host", "smtp_port"):
                self.errors.pop(field, None)
            return cleaned
        known = bool(self.endpoints.token_url)
        for field in ("name", "imap_host", "smtp_host") if known else ("name", "issuer", "imap_host", "smtp_host"):
            if not cleaned.get(field) and field not in self.errors:
                self.add_error(field, _NEEDED)
        if cleaned.get("issuer") and not self.errors:
            self._discover(cleaned)
        return cleaned

    def home(self) -> Home:
        """Return where the provider is. Only for a valid form."""
        typed = self.cleaned_data
        if typed["kind"] == GOOGLE:
            return google()
        if typed["kind"] == MICROSOFT:
            return microsoft(typed["tenant"])
        return Home(
            name=typed["name"],
            authorize_url=self.endpoints.authorize_url,
            token_url=self.endpoints.token_url,
            scopes=typed["scopes"] or "openid email offline_access",
            incoming=_server(typed, "imap", server_guesses.TLS, server_guesses.IMAP_PORTS),
            outgoing=_server(typed, "smtp", server_guesses.STARTTLS, server_guesses.SMTP_PORTS),
        )

    def registration(self) -> Registration:
        """Return what Postroom is called there. Only for a valid form."""
        typed = self.cleaned_data
        return Registration(typed["client_id"], typed["secret"], typed["secret_expires_on"])

    def _discover(self, cleaned: dict[str, Any]) -> None:
        try:
            self.endpoints = discover(cleaned["issuer"])
        except SignInTrouble as trouble:
            self.add_error("issuer", str(trouble))


def present(client: OAuthClient) -> dict[str, object]:
    """Return what a form shows of a provider that is kept; never the secret."""
    fields = ("kind", "name", "client_id", "secret_expires_on", "scopes", "imap_host", "imap_port", "imap_security")
    shown: dict[str, object] = {field: getattr(client, field) for field in fields}
    shown |= {field: getattr(client, field) for field in ("smtp_host", "smtp_port", "smtp_security")}
    if client.kind == MICROSOFT:
        shown["tenant"] = client.token_url.split("/")[3]
    return shown


def _server(typed: dict[str, Any], name: str, security: str, ports: dict[str, int]) -> ServerSettings:
    security = typed[f"{name}_security"] or security
    return ServerSettings(typed[f"{name}_host"], typed[f"{name}_port"] or ports[security], security)
