"""What is fetched from a mail account, and what may be done there."""

from dataclasses import asdict, dataclass

from postroom.channels.mail.models import IMAP, Source


@dataclass(frozen=True)
class FetchingRules:
    """As an owner chose it. An empty folder name: the server is asked which it is.

    `when_closed` is archive or delete, `when_spam` junk or delete, empty for nothing. `keep_days`: POP3 only, None for
    ever, 0 when a mail leaves the server as soon as it is safe with us.
    """

    kind: str = IMAP
    more_folders: tuple[str, ...] = ()
    reads_sent: bool = True
    sent_folder: str = ""
    marks_seen: bool = False
    when_closed: str = ""
    when_spam: str = ""
    archive_folder: str = ""
    junk_folder: str = ""
    keep_days: int | None = None

    def put_on(self, source: Source) -> None:
        """Write them on the source, which the caller saves."""
        for name, value in asdict(self).items():
            setattr(source, name, value)
        source.more_folders = list(self.more_folders)


def rules_of(source: Source) -> FetchingRules:
    """Return what was chosen for this account; for a new one what is usual."""
    return FetchingRules(
        kind=source.kind,
        more_folders=tuple(source.more_folders),
        reads_sent=source.reads_sent,
        sent_folder=source.sent_folder,
        marks_seen=source.marks_seen,
        when_closed=source.when_closed,
        when_spam=source.when_spam,
        archive_folder=source.archive_folder,
        junk_folder=source.junk_folder,
        keep_days=source.keep_days,
    )
