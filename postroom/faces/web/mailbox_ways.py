"""A mailbox's settings as its page shows them: what is kept, and what was typed and refused."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from django.conf import settings
from django.forms import Form

from postroom.channels.mail.actions.ways import sealed_or_none
from postroom.channels.mail.fetching_rules import FetchingRules, rules_of
from postroom.channels.mail.models import NO_ROUTE, TRAY, OAuthClient, OAuthGrant, Route, Source
from postroom.core.accounts import setup
from postroom.core.accounts.models import Mailbox
from postroom.faces.web import server_guesses
from postroom.faces.web.forms.mail_servers import IMAP, LATER, LMTP, SMTP, IncomingForm, Kept, OutgoingForm
from postroom.faces.web.forms.people import MailboxDetailsForm


@dataclass(frozen=True)
class Ways:
    """How mail comes in (`source`, or LMTP without one) and goes out, with the last trouble on each way."""

    source: Source | None
    route: Route | None

    @property
    def is_tray(self) -> bool:
        return self.route is not None and self.route.kind == TRAY

    @property
    def replies_wait(self) -> bool:
        return self.route is None or self.route.kind == NO_ROUTE

    @property
    def troubles(self) -> list[tuple[str, datetime | None]]:
        """What went wrong last, and when; nothing for a way that works again."""
        return [
            (way.last_error, way.last_error_at)
            for way in (self.source, self.route)
            if way is not None and way.last_error
        ]


@dataclass(frozen=True)
class Parts:
    """The forms of a mailbox's page that were refused; the others show what is kept."""

    details: Form | None = None
    incoming: Form | None = None
    outgoing: Form | None = None
    incoming_trouble: str = ""
    outgoing_trouble: str = ""


def of(mailbox: Mailbox) -> Ways:
    """Return the ways of a mailbox."""
    active = [source for source in mailbox.sources.all() if source.active]
    return Ways(source=active[0] if active else None, route=next(iter(mailbox.routes.all()), None))


def kept_source(mailbox: Mailbox) -> Kept | None:
    """Return for which sign-in a password or a provider's leave is kept, if it can still be used."""
    return _kept(source_of(mailbox))


def kept_route(mailbox: Mailbox) -> Kept | None:
    """As `kept_source`, for the way out."""
    return _kept(route_of(mailbox))


def source_of(mailbox: Mailbox) -> Source | None:
    """Return the way in that was set up last, also one that is not used now."""
    return mailbox.sources.order_by("pk").first()


def route_of(mailbox: Mailbox) -> Route | None:
    """Return the usual way out."""
    return Route.objects.filter(mailbox=mailbox).first()


def _kept(way: Source | Route | None) -> Kept | None:
    if way is None or not (way.grant_id or sealed_or_none(way.sealed_password)):
        return None
    return Kept(way.host, way.username)


def source_password(mailbox: Mailbox) -> str:
    """Return the kept password of the way in; the form has checked that it is for the same server."""
    source = mailbox.sources.order_by("pk").first()
    return sealed_or_none(source.sealed_password) if source else ""


def kept_rules(mailbox: Mailbox) -> FetchingRules:
    """Return what is fetched and what is done there, as chosen before."""
    return rules_of(mailbox.sources.order_by("pk").first() or Source(mailbox=mailbox))


def route_password(mailbox: Mailbox) -> str:
    """As `source_password`, for the way out."""
    route = Route.objects.filter(mailbox=mailbox).first()
    return sealed_or_none(route.sealed_password) if route else ""


def page_context(mailbox: Mailbox, parts: Parts) -> Mapping[str, object]:
    """Return what the mailbox's page needs."""
    present = {
        "name": mailbox.name,
        "from_name": mailbox.from_name,
        "signature": mailbox.signature,
        "plus_address": mailbox.plus_address,
    }
    return {
        "tab": "mailboxes",
        "mailbox": mailbox,
        "ways": of(mailbox),
        "demo": setup.is_demo(),
        "people": list(mailbox.members.filter(is_active=True).order_by("name", "pk")),
        "details": parts.details or MailboxDetailsForm(prefix="details", initial=present),
        "incoming": parts.incoming or IncomingForm(prefix="incoming", initial=_source_as_typed(mailbox)),
        "outgoing": parts.outgoing or OutgoingForm(prefix="outgoing", initial=_route_as_typed(mailbox)),
        "incoming_trouble": parts.incoming_trouble,
        "outgoing_trouble": parts.outgoing_trouble,
        "kept_source": kept_source(mailbox) is not None,
        "kept_route": kept_route(mailbox) is not None,
        "providers": list(OAuthClient.objects.order_by("pk")),
        "grants": list(OAuthGrant.objects.filter(mailbox=mailbox).select_related("client").order_by("pk")),
        "lmtp": f"{settings.POSTROOM_LMTP_HOST}:{settings.POSTROOM_LMTP_PORT}",
    }


def _source_as_typed(mailbox: Mailbox) -> dict[str, object]:
    source = mailbox.sources.order_by("pk").first()
    if source is None:
        guess = server_guesses.guess(mailbox.address)
        host = guess.imap_host if guess else ""
        return {"way": LMTP, "host": host, "security": server_guesses.TLS, "username": mailbox.address}
    return {
        "way": IMAP if source.active else LMTP,
        "protocol": source.kind,
        "in_clear": source.security == server_guesses.PLAIN,
        "host": source.host,
        "port": source.port,
        "security": source.security,
        "username": source.username,
        "folder": source.folder,
        "import_existing": source.import_existing,
    }


def _route_as_typed(mailbox: Mailbox) -> dict[str, object]:
    route = Route.objects.filter(mailbox=mailbox).first()
    if route is None or not route.host:
        guess = server_guesses.guess(mailbox.address)
        host = guess.smtp_host if guess else ""
        return {"way": LATER, "host": host, "security": server_guesses.STARTTLS, "username": mailbox.address}
    return {
        "way": SMTP if route.kind == SMTP else LATER,
        "in_clear": route.security == server_guesses.PLAIN,
        "host": route.host,
        "port": route.port,
        "security": route.security,
        "username": route.username,
    }
