"""Say how a mailbox's mail comes in and goes out."""

from django.conf import settings
from django.db import transaction

from postroom.channels.mail.actions import pop_names
from postroom.channels.mail.fetching_rules import FetchingRules, rules_of
from postroom.channels.mail.folder_end import FolderEnd
from postroom.channels.mail.models import ARRIVING, NO_ROUTE, POP, SMTP, USUAL, Route, Source
from postroom.channels.mail.noted import note_mailbox, route_told, source_told
from postroom.channels.mail.server_settings import ServerSettings
from postroom.core.accounts.models import Mailbox
from postroom.core.conversations.models import Message
from postroom.core.conversations.models.message import DEFERRED
from postroom.core.events.actor import Actor
from postroom.core.events.kinds import MailboxChanged
from postroom.core.events.record import record
from postroom.lib import clock
from postroom.lib.sealing import SealBroken, seal, unseal


def fetch_from(
    mailbox: Mailbox,
    *,
    server: ServerSettings,
    folder: str = "INBOX",
    import_existing: bool = False,
    end: FolderEnd | None = None,
    rules: FetchingRules | None = None,
    by: Actor,
) -> Source:
    """Fetch the mailbox's mail from this IMAP or POP3 account from now on, in the place of an earlier one.

    `end` is where the folder ended when it was tried just now: what comes after that is fetched, also when it comes
    before the worker's first look. Without it the first look begins. An empty password keeps the one that was sealed
    for the same account. Without `rules` those of before stay.
    """
    with transaction.atomic():
        source = mailbox.sources.order_by("pk").first() or Source(mailbox=mailbox)
        before = source_told(source) if source.pk else {}
        rules = rules or rules_of(source)
        moved = (source.kind, source.host, source.username) != (rules.kind, server.host, server.username)
        source.host, source.port, source.security = server.host, server.port, server.security
        source.username, source.folder, source.import_existing = server.username, folder, import_existing
        source.sealed_password = _sealed(server.password) or source.sealed_password
        if moved or server.password:
            # A provider's leave is for one account.
            source.grant = None
        source.active, source.last_error, source.last_error_at = True, "", None
        rules.put_on(source)
        source.save()
        if moved:
            # Another account's numbers say nothing here.
            source.cursors.all().delete()
        _forget_unwatched(source)
        if end and not import_existing:
            _begin_at(source, folder, end)
        note_mailbox("mailbox.fetching", mailbox, by=by, before=before, after=source_told(source, server=server))
        record(MailboxChanged(address=mailbox.address), by=by, mailbox_id=mailbox.pk)
    return source


def change_fetching(source: Source, *, rules: FetchingRules, by: Actor) -> bool:
    """Say what is fetched from the account and what is done there. False when nothing changed."""
    if rules == rules_of(source):
        return False
    with transaction.atomic():
        before = source_told(source)
        rules.put_on(source)
        source.save()
        _forget_unwatched(source)
        note_mailbox("mailbox.fetching", source.mailbox, by=by, before=before, after=source_told(source))
        record(MailboxChanged(address=source.mailbox.address), by=by, mailbox_id=source.mailbox_id)
    return True


def _forget_unwatched(source: Source) -> None:
    """A folder that is chosen again begins again, with what comes then."""
    watched = [source.folder, *source.more_folders]
    source.cursors.filter(role=ARRIVING).exclude(folder__in=watched).delete()


def _begin_at(source: Source, folder: str, end: FolderEnd) -> None:
    if source.kind == POP:
        pop_names.begin(source, names=end.names)
        return
    begun = {"uidvalidity": end.uidvalidity, "last_uid": end.last_uid, "begun_at": clock.now()}
    source.cursors.get_or_create(folder=folder, defaults=begun)


def stop_fetching(mailbox: Mailbox, *, by: Actor) -> bool:
    """Fetch no more: the mail is brought to us. The account is kept in case. False when nothing was fetched."""
    with transaction.atomic():
        if not mailbox.sources.filter(active=True).update(active=False, last_error="", last_error_at=None):
            return False
        note_mailbox("mailbox.fetching_stopped", mailbox, by=by)
        record(MailboxChanged(address=mailbox.address), by=by, mailbox_id=mailbox.pk)
    return True


def send_through(
    mailbox: Mailbox, *, server: ServerSettings, rank: int = USUAL, max_size: int | None = None, by: Actor
) -> Route:
    """Let the mailbox's replies leave through this SMTP server; an empty password keeps the sealed one.

    As the spare one it is used when the usual one fails. `max_size` is what it said when it was tried just now.
    """
    with transaction.atomic():
        route = Route.objects.filter(mailbox=mailbox, rank=rank).first() or Route(mailbox=mailbox, rank=rank)
        before = route_told(route) if route.pk else {}
        if server.password or (route.host, route.username) != (server.host, server.username):
            route.grant = None
        route.kind, route.max_size, route.failing_since = SMTP, max_size, None
        route.host, route.port, route.security = server.host, server.port, server.security
        route.username = server.username
        route.sealed_password = (_sealed(server.password) or route.sealed_password) if server.username else ""
        route.last_error, route.last_error_at = "", None
        route.save()
        # What could not leave by the old way need not wait for its next try.
        waiting = Message.objects.filter(conversation__mailbox=mailbox, delivery=DEFERRED)
        waiting.update(send_after=clock.now())
        after = {**route_told(route, server=server), "spare": rank != USUAL}
        note_mailbox("mailbox.outgoing", mailbox, by=by, before={**before, "spare": False}, after=after)
        record(MailboxChanged(address=mailbox.address), by=by, mailbox_id=mailbox.pk)
    return route


def send_later(mailbox: Mailbox, *, by: Actor) -> bool:
    """Let replies wait until somebody says how they leave. False when they wait already."""
    with transaction.atomic():
        route, made = Route.objects.get_or_create(mailbox=mailbox, rank=USUAL)
        if not made and route.kind == NO_ROUTE:
            return False
        Route.objects.filter(pk=route.pk).update(kind=NO_ROUTE, last_error="", last_error_at=None)
        note_mailbox("mailbox.outgoing_stopped", mailbox, by=by)
        record(MailboxChanged(address=mailbox.address), by=by, mailbox_id=mailbox.pk)
    return True


def sealed_or_none(sealed: str) -> str:
    """Return a kept password, or an empty string when it has to be typed again."""
    try:
        return unseal(sealed, key=settings.POSTROOM_KEY)
    except SealBroken:
        return ""


def _sealed(password: str) -> str:
    return seal(password, key=settings.POSTROOM_KEY) if password else ""
