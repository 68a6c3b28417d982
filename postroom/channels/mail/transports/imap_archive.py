"""A whole IMAP account, read once from its first mail to its last."""

from collections.abc import Generator, Iterator
from dataclasses import dataclass

from imapclient.exceptions import IMAPClientError

from postroom.channels.mail.folder_names import JUNK, SENT, TRASH
from postroom.channels.mail.history.letters import Letter, NotAnArchive
from postroom.channels.mail.server_settings import ServerSettings
from postroom.channels.mail.transports.imap_asking import Found, fetch_whole, look, select, uids_in
from postroom.channels.mail.transports.imap_folders import Folder, list_folders
from postroom.channels.mail.transports.imap_line import ImapTrouble, close_line, open_line, trouble
from postroom.channels.mail.transports.imap_wire import Line

_SECONDS = 60
_LOOKED_AT_ONCE = 500
_FETCHED_AT_ONCE = 20
_BYTES_AT_ONCE = 8 * 1024 * 1024
# Between the parts of a place; no folder's name has one.
_AT = "\x1f"


@dataclass(frozen=True)
class Account:
    """Every folder but junk and trash; a place is a folder, its UIDVALIDITY and the UID up to which it is done."""

    server: ServerSettings

    def letters(self, *, after: str, largest: int) -> Generator[Letter, None, None]:
        """See `Archive`. NotAnArchive with a sentence when the server cannot be used."""
        try:
            line = open_line(self.server, seconds=_SECONDS)
        except ImapTrouble as refused:
            raise NotAnArchive(str(refused)) from refused
        try:
            yield from _account(line, after=after, largest=largest)
        except (IMAPClientError, OSError) as error:
            raise NotAnArchive(str(trouble(error, self.server))) from error
        finally:
            close_line(line)


def _account(line: Line, *, after: str, largest: int) -> Iterator[Letter]:
    done, _at, numbers = after.partition(_AT)
    folders = [folder for folder in list_folders(line) if folder.purpose not in (JUNK, TRASH)]
    for folder in sorted(folders, key=lambda one: one.name):
        if folder.name >= done:
            yield from _folder(line, folder, numbers=numbers if folder.name == done else "", largest=largest)


def _folder(line: Line, folder: Folder, *, numbers: str, largest: int) -> Iterator[Letter]:
    end = select(line, folder.name)
    validity, _colon, last = numbers.partition(":")
    # Numbered anew, it is read anew: what is here already is known.
    first = int(last) + 1 if validity == str(end.uidvalidity) else 1
    prefix = f"{folder.name}{_AT}{end.uidvalidity}:"
    uids = uids_in(line, first=first, last=None)
    for begin in range(0, len(uids), _LOOKED_AT_ONCE):
        found = look(line, uids[begin : begin + _LOOKED_AT_ONCE])
        for batch in _batches([one for one in found if one.size <= largest]):
            whole = fetch_whole(line, [one.uid for one in batch])
            for one in batch:
                yield Letter(whole.get(one.uid), f"{prefix}{one.uid}", sent=folder.purpose == SENT, arrived=one.arrived)
        for one in found:
            if one.size > largest:
                yield Letter(None, f"{prefix}{found[-1].uid}")


def _batches(found: list[Found]) -> Iterator[list[Found]]:
    batch: list[Found] = []
    size = 0
    for one in found:
        if batch and (len(batch) >= _FETCHED_AT_ONCE or size + one.size > _BYTES_AT_ONCE):
            yield batch
            batch, size = [], 0
        batch.append(one)
        size += one.size
    if batch:
        yield batch
