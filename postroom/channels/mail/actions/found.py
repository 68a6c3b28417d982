"""Set up a team in one transaction: either all of it is there, or the set-up link still is."""

from dataclasses import dataclass, field

from django.db import transaction
from django.utils.translation import gettext as _

from postroom.channels.mail.actions.ways import fetch_from, send_later, send_through
from postroom.channels.mail.fetching_rules import FetchingRules
from postroom.channels.mail.folder_end import FolderEnd
from postroom.channels.mail.server_settings import ServerSettings
from postroom.core.accounts import setup
from postroom.core.accounts.actions.hosts import allow_host
from postroom.core.accounts.actions.join import let_in
from postroom.core.accounts.actions.mailboxes import add_mailbox
from postroom.core.accounts.actions.people import add_person
from postroom.core.accounts.models import MANAGING, OWNER, User
from postroom.core.audit.write import write


class SetupIsOver(Exception):
    """Somebody has set this Postroom up already."""


@dataclass(frozen=True)
class NewTeam:
    """What the set-up form asks for. No source: mail is brought by LMTP; no route: replies wait."""

    owner_name: str
    owner_email: str
    password: str = field(repr=False)
    language: str
    mailbox_name: str
    address: str
    from_name: str = ""
    source: ServerSettings | None = None
    folder: str = "INBOX"
    import_existing: bool = False
    fetching: FetchingRules = FetchingRules()  # noqa: RUF009  (frozen)
    folder_end: FolderEnd | None = None
    route: ServerSettings | None = None
    # Servers inside our own network that the owner ticked.
    allowed_hosts: tuple[str, ...] = ()


def found_team(team: NewTeam) -> User:
    """Add the owner and the first mailbox, and end the set-up link; return the owner.

    Raises SetupIsOver when another tab was quicker, PersonRefused or MailboxRefused when something typed is wrong.
    """
    with transaction.atomic():
        # First, and conditional: of two at once the second waits here and then finds the link ended.
        if not setup.finish_setup():
            raise SetupIsOver(_("This Postroom is set up already. Sign in."))
        owner = add_person(
            name=team.owner_name, email=team.owner_email, password=team.password, role=OWNER, language=team.language
        )
        mailbox = add_mailbox(name=team.mailbox_name, address=team.address, from_name=team.from_name, by=owner)
        let_in(mailbox, user=owner, by=owner, level=MANAGING)
        for host in team.allowed_hosts:
            allow_host(host, by=owner)
        if team.source:
            fetch_from(
                mailbox,
                server=team.source,
                folder=team.folder,
                import_existing=team.import_existing,
                end=team.folder_end,
                rules=team.fetching,
                by=owner,
            )
        if team.route:
            send_through(mailbox, server=team.route, by=owner)
        else:
            send_later(mailbox, by=owner)
        write("setup.done", by=owner, subject=f"person:{owner.pk}", subject_name=owner.name)
    return owner
