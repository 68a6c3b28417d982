"""Try a mail server out before it is used, as the set-up form does."""

import poplib

from imapclient.exceptions import IMAPClientError

from postroom.channels.mail.folder_end import FolderEnd
from postroom.channels.mail.server_settings import ServerSettings
from postroom.channels.mail.transports import imap_line, pop_line, smtp_line
from postroom.channels.mail.transports.imap_folder import select
from postroom.channels.mail.transports.imap_folders import Folder, list_folders
from postroom.channels.mail.transports.imap_line import ImapTrouble, folder_trouble
from postroom.channels.mail.transports.pop_box import lying
from postroom.channels.mail.transports.pop_line import PopTrouble
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


def check_pop(server: ServerSettings) -> FolderEnd:
    """Sign in and look what lies there; CheckFailed when that does not work."""
    try:
        line = pop_line.open_line(server, seconds=_SECONDS)
    except PopTrouble as trouble:
        raise CheckFailed(str(trouble)) from trouble
    try:
        names = tuple(one.name for one in lying(line))
        return FolderEnd(uidvalidity=0, last_uid=0, exists=len(names), names=names)
    except (poplib.error_proto, OSError) as error:
        raise CheckFailed(str(pop_line.trouble(error, server))) from error
    finally:
        pop_line.close_line(line)


def folders_of(server: ServerSettings) -> list[Folder]:
    """Return the folders of an IMAP account; CheckFailed when it does not tell."""
    try:
        line = imap_line.open_line(server, seconds=_SECONDS)
    except ImapTrouble as trouble:
        raise CheckFailed(str(trouble)) from trouble
    try:
        return list_folders(line)
    except (IMAPClientError, OSError) as error:
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
