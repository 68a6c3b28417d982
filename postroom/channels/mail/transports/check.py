"""Try a mail server out before it is used, as the set-up form does."""

from imapclient.exceptions import IMAPClientError

from postroom.channels.mail.folder_end import FolderEnd
from postroom.channels.mail.server_settings import ServerSettings
from postroom.channels.mail.transports import imap_line, smtp_line
from postroom.channels.mail.transports.imap_folder import select
from postroom.channels.mail.transports.imap_line import ImapTrouble, folder_trouble
from postroom.channels.mail.transports.smtp_line import SmtpTrouble

# As long as somebody looks at a form without wondering.
_SECONDS = 10


class CheckFailed(Exception):
    """The server cannot be used like this; the sentence says why and how to mend it."""


def check_imap(server: ServerSettings, *, folder: str = "INBOX") -> FolderEnd:
    """Sign in, open the folder without changing anything and return its end; CheckFailed when that does not work."""
    try:
        line = imap_line.open_line(server, seconds=_SECONDS)
    except ImapTrouble as trouble:
        raise CheckFailed(str(trouble)) from trouble
    try:
        return select(line, folder)
    except IMAPClientError as error:
        raise CheckFailed(str(folder_trouble(error, server, folder))) from error
    except OSError as error:
        raise CheckFailed(str(imap_line.trouble(error, server))) from error
    finally:
        imap_line.close_line(line)


def check_smtp(server: ServerSettings) -> int | None:
    """Sign in, send nothing and return the largest mail it takes, in bytes; CheckFailed when that does not work."""
    try:
        line = smtp_line.open_line(server, seconds=_SECONDS)
    except SmtpTrouble as trouble:
        raise CheckFailed(str(trouble)) from trouble
    largest = smtp_line.largest_mail(line)
    line.leave()
    return largest
