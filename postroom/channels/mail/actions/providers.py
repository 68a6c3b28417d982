"""Name the providers where mail accounts are signed in at, and let a mailbox use such an account."""

from dataclasses import dataclass, field
from datetime import date

from django.conf import settings
from django.db import transaction
from django.utils.translation import gettext as _

from postroom.channels.mail.models import STARTTLS, TLS, OAuthClient, OAuthGrant, Route, Source
from postroom.channels.mail.noted import note_mailbox
from postroom.channels.mail.server_settings import ServerSettings
from postroom.core.accounts.models import Mailbox
from postroom.core.audit.differences import CHANGED, Told, differences
from postroom.core.audit.write import write
from postroom.core.events.actor import Actor
from postroom.core.events.kinds import MailboxChanged, MailProviderChanged
from postroom.core.events.record import record
from postroom.lib import clock
from postroom.lib.sealing import seal


class ProviderRefused(Exception):
    """The provider cannot be changed like this; the sentence says why."""


@dataclass(frozen=True)
class Home:
    """What a provider is called, where it asks people and gives tokens, for what leave, and its mail servers."""

    name: str
    authorize_url: str
    token_url: str
    scopes: str
    incoming: ServerSettings
    outgoing: ServerSettings


@dataclass(frozen=True)
class Registration:
    """Postroom's own name and secret at a provider; an empty secret keeps what was sealed."""

    client_id: str
    secret: str = field(default="", repr=False)
    secret_expires_on: date | None = None


def google() -> Home:
    """Return Google's addresses."""
    return Home(
        "Google",
        "https://accounts.google.com/o/oauth2/v2/auth",
        "https://oauth2.googleapis.com/token",
        "https://mail.google.com/",
        ServerSettings("imap.gmail.com", 993, TLS),
        ServerSettings("smtp.gmail.com", 587, STARTTLS),
    )


def microsoft(tenant: str = "") -> Home:
    """Return Microsoft's addresses for one organisation, or for any."""
    home = f"https://login.microsoftonline.com/{tenant or 'organizations'}/oauth2/v2.0"
    leave = "https://outlook.office.com"
    return Home(
        "Microsoft 365",
        f"{home}/authorize",
        f"{home}/token",
        f"{leave}/IMAP.AccessAsUser.All {leave}/POP.AccessAsUser.All {leave}/SMTP.Send offline_access",
        ServerSettings("outlook.office365.com", 993, TLS),
        ServerSettings("smtp.office365.com", 587, STARTTLS),
    )


def name_provider(
    kind: str, *, home: Home, registration: Registration, client: OAuthClient | None = None, by: Actor
) -> OAuthClient:
    """Keep a provider, a new one or `client` with other words; its secret is sealed."""
    with transaction.atomic():
        kept = client or OAuthClient(created_at=clock.now())
        before = _told(kept) if client else {}
        kept.kind, kept.name = kind, home.name
        kept.authorize_url, kept.token_url, kept.scopes = home.authorize_url, home.token_url, home.scopes
        kept.client_id, kept.secret_expires_on = registration.client_id, registration.secret_expires_on
        if registration.secret:
            kept.sealed_secret = seal(registration.secret, key=settings.POSTROOM_KEY)
        into, out = home.incoming, home.outgoing
        kept.imap_host, kept.imap_port, kept.imap_security = into.host, into.port, into.security
        kept.smtp_host, kept.smtp_port, kept.smtp_security = out.host, out.port, out.security
        kept.save()
        secret = {"secret": CHANGED} if registration.secret else {}
        was, now = differences(before, {**_told(kept), **secret})
        action = "mail_provider.changed" if client else "mail_provider.added"
        place = f"mail_provider:{kept.pk}"
        write(action, by=by, subject=place, subject_name=kept.name, before=was, after=now)
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
        write("mail_provider.removed", by=by, subject=f"mail_provider:{client.pk}", subject_name=client.name)
        record(MailProviderChanged(provider=client.name), by=by)


def use_grant(source: Source | None, route: Route | None, *, grant: OAuthGrant, mailbox: Mailbox, by: Actor) -> None:
    """Let the mailbox's way in, way out or both sign in with this leave, and no longer with a password."""
    with transaction.atomic():
        fresh = {"grant": grant, "sealed_password": "", "last_error": "", "last_error_at": None}
        if source:
            Source.objects.filter(pk=source.pk).update(**fresh)
        if route:
            Route.objects.filter(pk=route.pk).update(**fresh)
        _tidy(mailbox)
        ways = [word for word, way in (("in", source), ("out", route)) if way]
        told: dict[str, Told] = {"provider": grant.client.name, "account": grant.username, "ways": ways}
        note_mailbox("mailbox.sign_in", mailbox, by=by, after=told)
        record(MailboxChanged(address=mailbox.address), by=by, mailbox_id=mailbox.pk)


def _told(client: OAuthClient) -> dict[str, Told]:
    day = client.secret_expires_on.isoformat() if client.secret_expires_on else ""
    fields = ("kind", "name", "authorize_url", "token_url", "scopes", "client_id", "imap_host", "smtp_host")
    return {**{field: getattr(client, field) for field in fields}, "secret_expires_on": day}


def _tidy(mailbox: Mailbox) -> None:
    """Forget leaves that no way of this mailbox uses any more."""
    sources, routes = Source.objects.filter(mailbox=mailbox), Route.objects.filter(mailbox=mailbox)
    used = {*sources.values_list("grant", flat=True), *routes.values_list("grant", flat=True)}
    OAuthGrant.objects.filter(mailbox=mailbox).exclude(pk__in=used - {None}).delete()
