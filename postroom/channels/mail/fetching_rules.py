"""What is fetched from a mail account, and what may be done there."""

from dataclasses import dataclass

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
        source.kind, source.more_folders, source.keep_days = self.kind, list(self.more_folders), self.keep_days
        source.reads_sent, source.sent_folder = self.reads_sent, self.sent_folder
        source.marks_seen, source.when_closed, source.when_spam = self.marks_seen, self.when_closed, self.when_spam
        source.archive_folder, source.junk_folder = self.archive_folder, self.junk_folder
