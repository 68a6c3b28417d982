"""Try a provider out before somebody needs it, and say what is wrong with it and how to mend it."""

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.utils.translation import gettext as _

from postroom.core.accounts.models import SignInProvider
from postroom.core.accounts.models.sign_on import LDAP, OPENID_KINDS
from postroom.core.accounts.sign_on import SignOnRefused
from postroom.faces.web.sign_on import discovery, saml_metadata
from postroom.lib.sealing import SealBroken, unseal


@dataclass(frozen=True)
class Verdict:
    """Whether it worked, and what was seen, a sentence each."""

    good: bool
    lines: tuple[str, ...]


def tried(request: HttpRequest, provider: SignInProvider, *, secret: str, login: str = "") -> Verdict:
    """Try a provider as its fields are now, saved or not. `secret` is what was typed; empty for the one kept."""
    try:
        typed = secret or unseal(provider.sealed_secret, key=settings.POSTROOM_KEY)
        if provider.kind == LDAP:
            return _directory(provider, secret=typed, login=login)
        if provider.kind in OPENID_KINDS:
            return _openid(request, provider, secret=typed)
        return _saml(provider)
    except SignOnRefused as refusal:
        return Verdict(good=False, lines=(str(refusal),))
    except SealBroken as broken:
        return Verdict(good=False, lines=(str(broken),))


def _openid(request: HttpRequest, provider: SignInProvider, *, secret: str) -> Verdict:
    """Read its document, and show it a code that it never gave: what it complains about is telling (RFC 6749 5.2)."""
    from postroom.faces.web.sign_on.openid import callback_address

    issuer = discovery.issuer_at(provider.issuer, kind=provider.kind)
    redirect = callback_address(request, provider) if provider.pk else request.build_absolute_uri("/")
    complaint = discovery.complaint_of(issuer, client_id=provider.client_id, secret=secret, redirect=redirect)
    if complaint in ("invalid_client", "unauthorized_client"):
        sentence = _("It does not take the client id with this secret (%s). Copy both once more.") % complaint
        return Verdict(good=False, lines=(sentence,))
    lines = [_("%s was read, and knows this client id and secret.") % issuer]
    lines.append(_("The rest shows when you sign in with it: save, link it under My profile, and sign in once."))
    return Verdict(good=True, lines=tuple(lines))


def _saml(provider: SignInProvider) -> Verdict:
    """Read the metadata, and look how long its certificates are good."""
    from cryptography import x509
    from onelogin.saml2.utils import OneLogin_Saml2_Utils

    found = saml_metadata.provider_in(provider.metadata)
    lines = [_("The metadata of %s was read.") % found["entityId"]]
    good = False
    for pem in _certificates(found):
        try:
            certificate = x509.load_pem_x509_certificate(OneLogin_Saml2_Utils.format_cert(pem).encode())
        except ValueError:
            lines.append(_("One of its certificates cannot be read."))
            continue
        until = certificate.not_valid_after_utc
        good = True
        if until < datetime.now(tz=UTC):
            lines.append(
                _("A certificate ended on %s. It is still taken; ask for metadata with a new one.") % until.date()
            )
        else:
            lines.append(_("It signs with a certificate that is good until %s.") % until.date())
    if not good:
        return Verdict(good=False, lines=tuple(lines))
    lines.append(_("The rest shows when you sign in with it: save, link it under My profile, and sign in once."))
    return Verdict(good=True, lines=tuple(lines))


def _directory(provider: SignInProvider, *, secret: str, login: str) -> Verdict:
    """Sign in as its reader, and look somebody up."""
    from postroom.faces.web.sign_on import directory

    asked = login or "postroom-test"
    row = directory.find(provider, login=asked, secret=secret)
    lines = [_("The directory was reached, took the name and password, and looked below the base.")]
    if not login:
        lines.append(_("Type somebody's name above to see what it tells of them."))
        return Verdict(good=True, lines=tuple(lines))
    if row is None:
        lines.append(_("It found nobody, or more than one, called %s. Check the base and the filter.") % login)
        return Verdict(good=False, lines=tuple(lines))
    lines.append(_("It found %s.") % row.dn)
    lines.extend(_seen(row.said.name, row.said.email, row.said.subject))
    return Verdict(good=bool(row.said.email and row.said.subject), lines=tuple(lines))


def _seen(name: str, email: str, subject: str) -> list[str]:
    return [
        _("Name: %s") % (name or _("none; check the attribute")),
        _("Address: %s") % (email or _("none; check the attribute")),
        _("What never changes: %s") % (subject or _("nothing; check the attribute")),
    ]


def _certificates(found: dict[str, Any]) -> list[str]:
    several = found.get("x509certMulti", {}).get("signing", [])
    return list(several) or [found["x509cert"]]
