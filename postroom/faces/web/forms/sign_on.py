"""A provider that says who people are: what its page gives to copy, and whom it may let in."""

import re
from typing import Any

from django import forms
from django.forms.models import model_to_dict
from django.utils.translation import gettext_lazy as _

from postroom.core.accounts.models import AGENT, OBSERVER, SUPERVISOR, Mailbox, SignInProvider
from postroom.core.accounts.models.sign_on import CLEAR, GOOGLE, LDAP, MICROSOFT, OPENID, SAML, STARTTLS, TLS
from postroom.core.accounts.sign_on import SignOnRefused
from postroom.faces.web.forms.fields import HostField, LineField, PortField, SecretField, TextField
from postroom.faces.web.sign_on import discovery, saml_metadata

KINDS = {
    GOOGLE: "Google",
    MICROSOFT: "Microsoft",
    OPENID: "OpenID Connect",
    SAML: "SAML",
    LDAP: "LDAP",
}
SECURITIES = ((TLS, "TLS (ldaps)"), (STARTTLS, "STARTTLS"), (CLEAR, _("None (inside only)")))
ROLES = ((AGENT, _("Agent")), (OBSERVER, _("Observer")), (SUPERVISOR, _("Supervisor")))
_NEEDED = _("This is needed.")
_DOMAIN = re.compile(r"(?!-)[a-z0-9-]{1,63}(\.[a-z0-9-]{1,63})+")
_USUAL_PORTS = {TLS: 636, STARTTLS: 389, CLEAR: 389}


class DomainsField(LineField):
    """Domains of addresses, with blanks or commas between; a list."""

    def __init__(self) -> None:
        super().__init__(length=1000, required=False)

    def clean(self, value: Any) -> Any:
        found = sorted({one.lstrip("@").lower() for one in re.split(r"[\s,;]+", str(super().clean(value))) if one})
        if wrong := [one for one in found if not _DOMAIN.fullmatch(one)]:
            raise forms.ValidationError(_("%(domain)s is not a domain."), params={"domain": wrong[0][:80]})
        return found


class ProviderForm(forms.Form):
    """What every provider has."""

    kind = ""
    # Those of the form that are the provider's own.
    kept: tuple[str, ...] = ()

    name = LineField(length=60)
    enabled = forms.BooleanField(required=False)
    secret = SecretField(required=False)
    domains = DomainsField()
    trusts_addresses = forms.BooleanField(required=False)
    trusts_second_factor = forms.BooleanField(required=False)
    takes_newcomers = forms.BooleanField(required=False)
    newcomers_role = forms.ChoiceField(choices=ROLES, required=False)
    newcomers_mailboxes = forms.ModelMultipleChoiceField(Mailbox.objects.none(), required=False)

    def __init__(self, *args: Any, provider: SignInProvider, **options: Any) -> None:
        super().__init__(*args, **{"initial": _present(provider)} | options)
        self.provider = provider
        boxes = Mailbox.objects.order_by("name", "pk")
        self.fields["newcomers_mailboxes"].queryset = boxes  # type: ignore[attr-defined]
        self.fields["newcomers_mailboxes"].choices = [(box.pk, box.name) for box in boxes]  # type: ignore[attr-defined]

    def fill(self) -> SignInProvider:
        """Return the provider with what was typed; not saved. Only for a valid form."""
        typed = self.cleaned_data
        usual = ("name", "enabled", "domains", "trusts_addresses", "trusts_second_factor", "takes_newcomers")
        for field in (*usual, *self.kept):
            setattr(self.provider, field, typed[field])
        self.provider.newcomers_role = typed["newcomers_role"] or AGENT
        return self.provider

    def secret_typed(self) -> str | None:
        """Return the new secret; None when the old one stays."""
        return self.cleaned_data["secret"] or None


class OpenIdForm(ProviderForm):
    """Google, Microsoft, and any that speaks OpenID Connect."""

    kept = ("client_id", "issuer")
    client_id = LineField(length=400)
    issuer = LineField(length=400, required=False)
    tenant = LineField(length=100, required=False)

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        kind, field, typed = self.provider.kind, "issuer", cleaned.get("issuer", "")
        if kind == MICROSOFT:
            field, tenant = "tenant", cleaned.get("tenant", "")
            if tenant.lower() in ("", "common", "organizations", "consumers") or not re.fullmatch(r"[\w.-]+", tenant):
                self.add_error(
                    "tenant",
                    _("Type your organisation's tenant: its id, or its domain. “common” would let in everybody's."),
                )
                return cleaned
            typed = discovery.microsoft_issuer(tenant)
        elif kind == GOOGLE:
            field, typed = "name", discovery.GOOGLE_ISSUER
        if not typed:
            self.add_error(field, _NEEDED)
        if not self.errors:
            self._discover(cleaned, typed, field)
        return cleaned

    def _discover(self, cleaned: dict[str, Any], typed: str, field: str) -> None:
        if self.provider.kind == GOOGLE:
            # What has not changed for ten years need not be asked before it is saved.
            cleaned["issuer"] = typed
            return
        try:
            cleaned["issuer"] = discovery.issuer_at(typed, kind=self.provider.kind)
        except SignOnRefused as refusal:
            self.add_error(field, str(refusal))


class SamlForm(ProviderForm):
    """A SAML identity provider, by its metadata."""

    kept = ("metadata_url", "metadata", "issuer", "subject_attribute", "email_attribute", "name_attribute")
    metadata_url = LineField(length=500, required=False)
    metadata = TextField(length=500_000, required=False)
    subject_attribute = LineField(length=200, required=False)
    email_attribute = LineField(length=200, required=False)
    name_attribute = LineField(length=200, required=False)

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        url, field = cleaned.get("metadata_url", ""), "metadata"
        if not url and not cleaned.get("metadata") and not self.errors:
            self.add_error("metadata_url", _("Type the address of its metadata, or paste the metadata below."))
        if self.errors:
            return cleaned
        try:
            if url:
                field = "metadata_url"
                cleaned["metadata"] = saml_metadata.fetched(url)
            cleaned["issuer"] = saml_metadata.provider_in(cleaned["metadata"])["entityId"]
        except SignOnRefused as refusal:
            self.add_error(field, str(refusal))
        return cleaned


class DirectoryForm(ProviderForm):
    """An LDAP directory."""

    kept = (
        "host",
        "port",
        "security",
        "bind_dn",
        "base_dn",
        "search",
        "issuer",
        "subject_attribute",
        "email_attribute",
        "name_attribute",
    )
    host = HostField()
    port = PortField()
    security = forms.ChoiceField(choices=SECURITIES)
    bind_dn = LineField(length=500)
    base_dn = LineField(length=500)
    search = LineField(length=500, required=False)
    subject_attribute = LineField(length=200, required=False)
    email_attribute = LineField(length=200, required=False)
    name_attribute = LineField(length=200, required=False)
    # Whose row to look at when it is tried.
    login = LineField(length=254, required=False)

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        cleaned["port"] = cleaned.get("port") or _USUAL_PORTS.get(cleaned.get("security", ""), 0)
        # The names of its people mean something below this base only.
        cleaned["issuer"] = cleaned.get("base_dn", "").lower()
        search = cleaned.get("search", "")
        if search and ("{login}" not in search or search.count("(") != search.count(")") or search[0] != "("):
            self.add_error("search", _("A filter stands in brackets and holds {login}: (uid={login})."))
        if not cleaned.get("secret") and not self.provider.sealed_secret:
            self.add_error("secret", _NEEDED)
        return cleaned


def form_for(provider: SignInProvider) -> type[ProviderForm]:
    """Return the form of this kind of provider."""
    return {SAML: SamlForm, LDAP: DirectoryForm}.get(provider.kind, OpenIdForm)


def _present(provider: SignInProvider) -> dict[str, object]:
    """Return what a form shows of a provider; never the secret."""
    shown: dict[str, object] = model_to_dict(provider, exclude=["sealed_secret", "newcomers_mailboxes"])
    shown["domains"] = " ".join(provider.domains)
    if provider.pk:
        shown["newcomers_mailboxes"] = list(provider.newcomers_mailboxes.values_list("pk", flat=True))
    if provider.metadata_url:
        # It is read anew from there.
        shown["metadata"] = ""
    if provider.kind == MICROSOFT and provider.issuer:
        shown["tenant"] = provider.issuer.split("/")[3]
    return shown
