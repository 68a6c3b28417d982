"""Name the providers where mail accounts are signed in at, and let a mailbox use such an account."""

from dataclasses import dataclass
from datetime import date

from django.conf import settings
from django.db import transaction
from django.utils.translation import gettext as _

from postroom.channels.mail.models import GOOGLE, MICROSOFT, OAuthClient, OAuthGrant, Route, Source
from postroom.channels.mail.server_settings import ServerSettings
from postroom.core.accounts.models import Mailbox
from postroom.core.events.actor import Actor
from postroom.core.events.kinds import MailboxChanged, MailProviderChanged
from postroom.core.events.record import record
from postroom.lib import clock
from postroom.lib.sealing import seal


class ProviderRefused(Exception):
    """The provider cannot be changed like this; the sentence says why."""


@dataclass(frozen=True)
class Provider:
    """What the owner says of a provider: addresses, Postroom's own name and secret there, and its mail servers."""

    kind: str
    name: str
    authorize_url: str
    token_url: str
    scopes: str
    client_id: str
    # An empty one keeps what was sealed.
    secret: str
    secret_expires_on: date | None
    incoming: ServerSettings
    outgoing: ServerSettings


def known(kind: str, *, tenant: str = "") -> tuple[str, str, str, str, ServerSettings, ServerSettings] | None:
    """Return name, consent address, token address, scopes and servers of a provider that everybody knows."""
    if kind == GOOGLE:
        return (
            "Google",
            "https://accounts.google.com/o/oauth2/v2/auth",
            "https://oauth2.googleapis.com/token",
            "https://mail.google.com/",
            ServerSettings("imap.gmail.com", 993, "tls"),
            ServerSettings("smtp.gmail.com", 587, "starttls"),
        )
    if kind == MICROSOFT:
        home = f"https://login.microsoftonline.com/{tenant or 'organizations'}/oauth2/v2.0"
        leave = "https://outlook.office.com"
        scopes = f"{leave}/IMAP.AccessAsUser.All {leave}/POP.AccessAsUser.All {leave}/SMTP.Send offline_access"
        return (
            "Microsoft 365",
            f"{home}/authorize",
            f"{home}/token",
            scopes,
            ServerSettings("outlook.office365.com", 993, "tls"),
            ServerSettings("smtp.office365.com", 587, "starttls"),
        )
    return None


def name_provider(provider: Provider, *, client: OAuthClient | None = None, by: Actor) -> OAuthClient:
    """Keep a provider, a new one or `client` with other words; its secret is sealed."""
    with transaction.atomic():
        kept = client or OAuthClient(created_at=clock.now())
        kept.kind, kept.name, kept.client_id = provider.kind, provider.name, provider.client_id
        kept.authorize_url, kept.token_url, kept.scopes = provider.authorize_url, provider.token_url, provider.scopes
        kept.secret_expires_on = provider.secret_expires_on
        if provider.secret:
            kept.sealed_secret = seal(provider.secret, key=settings.POSTROOM_KEY)
        into, out = provider.incoming, provider.outgoing
        kept.imap_host, kept.imap_port, kept.imap_security = into.host, into.port, into.security
        kept.smtp_host, kept.smtp_port, kept.smtp_security = out.host, out.port, out.security
        kept.save()
        record(MailProviderChanged(provider=kept.name), by=by)
    return kept


def drop_provider(client: OAuthClient, *, by: Actor) -> None:
    """Forget a provider and its grants; ProviderRefused while a mailbox still signs in there."""
    with transaction.atomic():
        used = Source.objects.filter(grant__client=client, active=True).select_related("mailbox").first()
        out = Route.objects.filter(grant__client=client).select_related("mailbox").first()
        way = used or out
        if way:
            raise ProviderRefused(
                _("%(address)s still signs in there. Give it another way in and out first.")
                % {"address": way.mailbox.address}
            )
        OAuthGrant.objects.filter(client=client).delete()
        OAuthClient.objects.filter(pk=client.pk).delete()
        record(MailProviderChanged(provider=client.name), by=by)


def use_grant(source: Source | None, route: Route | None, *, grant: OAuthGrant, mailbox: Mailbox, by: Actor) -> None:
    """Let the mailbox's way in, way out or both sign in with this leave, and no longer with a password."""
    with transaction.atomic():
        fresh = {"grant": grant, "sealed_password": "", "last_error": "", "last_error_at": None}
        Source.objects.filter(pk=source.pk if source else None).update(**fresh)
        Route.objects.filter(pk=route.pk if route else None).update(**fresh)
        _tidy(mailbox)
        record(MailboxChanged(address=mailbox.address), by=by, mailbox_id=mailbox.pk)


def _tidy(mailbox: Mailbox) -> None:
    """Forget leaves that no way of this mailbox uses any more."""
    sources, routes = Source.objects.filter(mailbox=mailbox), Route.objects.filter(mailbox=mailbox)
    used = {*sources.values_list("grant", flat=True), *routes.values_list("grant", flat=True)}
    OAuthGrant.objects.filter(mailbox=mailbox).exclude(pk__in=used - {None}).delete()
