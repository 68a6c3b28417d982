"""What the top of the ledger says: the server holds so many, Postroom holds so many, and what differs."""

from dataclasses import dataclass
from datetime import date

from postroom.channels.mail import ledger
from postroom.channels.mail.figures import FolderFigures
from postroom.channels.mail.ledger import Counts
from postroom.channels.mail.models import Census, FetchTrouble, Source
from postroom.core.accounts.models import Mailbox

_FETCHED = ("imap", "pop")
_MOST_TROUBLES = 20


@dataclass(frozen=True)
class Account:
    """One source beside its last census (None before the first) and the folders of it that are followed still."""

    source: Source
    census: Census | None
    folders: tuple[FolderFigures, ...]
    # What the server names and does not give, the newest first.
    troubles: tuple[FetchTrouble, ...]

    @property
    def asked(self) -> bool:
        """Whether somebody waits for new figures."""
        return self.census is not None and self.census.asked_at is not None


@dataclass(frozen=True)
class Books:
    """All of it: the accounts that are fetched, and what was brought to us (for that no server can be asked)."""

    accounts: tuple[Account, ...]
    brought: int
    # The last days that brought any, oldest first.
    days: tuple[tuple[date, int], ...]
    waiting: int

    @property
    def folders(self) -> list[FolderFigures]:
        return [folder for account in self.accounts for folder in account.folders]

    @property
    def server(self) -> int:
        return sum(folder.wanted for folder in self.folders)

    @property
    def held(self) -> int:
        return sum(folder.held for folder in self.folders)

    @property
    def missing(self) -> int:
        return sum(folder.missing for folder in self.folders)

    @property
    def coming(self) -> int:
        return sum(folder.coming for folder in self.folders)

    @property
    def gone(self) -> int:
        return sum(folder.gone for folder in self.folders)

    @property
    def before(self) -> int:
        return sum(folder.before for folder in self.folders)

    @property
    def counted(self) -> bool:
        return any(account.census and account.census.at and account.folders for account in self.accounts)

    @property
    def asked(self) -> bool:
        return any(account.asked for account in self.accounts)

    @property
    def most(self) -> int:
        """The busiest of the days, for the height of the drawing."""
        return max((n for _day, n in self.days), default=1)


def reconciliation(mailbox: Mailbox, *, counts: Counts) -> Books:
    """Read the last census of each account and the figures of what was brought; nothing is counted here."""
    sources = mailbox.sources.filter(active=True).order_by("pk").select_related("census").prefetch_related("cursors")
    accounts = tuple(_account(source) for source in sources)
    waiting = counts.of("stored")
    # Where nothing is fetched any more, no server is left to compare with, whichever way the mail came.
    brought = ledger.brought(mailbox, fetched=_FETCHED) if accounts else ledger.brought(mailbox) + waiting
    return Books(
        accounts=accounts,
        brought=brought,
        days=tuple(reversed(ledger.days(mailbox, limit=30))),
        waiting=waiting,
    )


def _account(source: Source) -> Account:
    census = Census.objects.filter(source=source).first()
    # Another account or folder in the place of an old one has cursors of its own.
    followed = {cursor.pk for cursor in source.cursors.all()}
    read = (FolderFigures.read(values) for values in census.folders) if census else ()
    troubles = FetchTrouble.objects.filter(cursor__in=followed).select_related("cursor").order_by("-last_at")
    folders = tuple(folder for folder in read if folder.cursor_id in followed)
    return Account(source, census, folders, tuple(troubles[:_MOST_TROUBLES]))
