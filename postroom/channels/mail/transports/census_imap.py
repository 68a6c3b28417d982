"""Count the folders of an IMAP account: the server's UIDs beside ours, in batches, on a line of its own."""

import time
from datetime import datetime

from django.utils.translation import gettext as _
from imapclient.exceptions import IMAPClientError

from postroom.channels.mail.actions.fetch_troubles import fetch_again
from postroom.channels.mail.figures import Counted, FolderFigures, Seen, compare
from postroom.channels.mail.folder_end import FolderEnd
from postroom.channels.mail.holdings import held_of, known_among
from postroom.channels.mail.models import FolderCursor, Source
from postroom.channels.mail.server_settings import ServerSettings
from postroom.channels.mail.transports.imap_alone import take_alone
from postroom.channels.mail.transports.imap_asking import Found, look, select, uids_in
from postroom.channels.mail.transports.imap_line import ImapTrouble, close_line, folder_trouble, open_line, trouble
from postroom.channels.mail.transports.imap_wire import Line, is_lost

_SECONDS = 60
# A census is not worth more of a slow server's time, nor a worker's.
_LONGEST = 12 * 60
_WINDOW = 20_000
_SPARSE = 1_000
_LOOKED_AT_ONCE = 500


def count_imap(source: Source, server: ServerSettings, *, fetch: bool) -> Counted:
    """Return the figures of each folder that is followed, and how many mails were fetched."""
    until = time.monotonic() + _LONGEST
    line = open_line(server, seconds=_SECONDS)
    folders: list[FolderFigures] = []
    fetched = 0
    try:
        for cursor in source.cursors.select_related("source__mailbox").order_by("pk"):
            figures = _count(line, cursor, server, until=until)
            if fetch and figures.missing_uids:
                fetched += _fetch(line, cursor, figures.missing_uids, until=until)
                figures = _count(line, cursor, server, until=until)
            folders.append(figures)
    except (IMAPClientError, OSError) as error:
        raise trouble(error, server) from error
    finally:
        close_line(line)
    return Counted(tuple(folders), fetched)


def _count(line: Line, cursor: FolderCursor, server: ServerSettings, *, until: float) -> FolderFigures:
    try:
        end = select(line, cursor.folder)
    except IMAPClientError as error:
        if is_lost(error):
            raise
        raise folder_trouble(error, server, cursor.folder) from error
    if end.uidvalidity != FolderCursor.objects.values_list("uidvalidity", flat=True).filter(pk=cursor.pk).first():
        raise ImapTrouble(
            _("%(host)s has numbered the folder %(folder)s anew. It is taken in again first and compared after that.")
            % {"host": server.host, "folder": cursor.folder}
        )
    # Ours after theirs: mail that is stored in between is on both sides or on its way, never missing.
    theirs = _uids(line, end, until=until)
    cursor.refresh_from_db()
    held = held_of(cursor)
    held |= known_among(cursor, theirs - held.keys())
    dates = {uid: at for uid, at in held.items() if at}
    dates |= _dates(line, [uid for uid in theirs if uid not in dates], until=until)
    return compare(
        Seen(
            folder=cursor.folder,
            cursor_id=cursor.pk,
            uidvalidity=cursor.uidvalidity,
            last_uid=cursor.last_uid,
            begun_at=cursor.begun_at,
            server=theirs,
            held=frozenset(held),
            dates=dates,
        )
    )


def _uids(line: Line, end: FolderEnd, *, until: float) -> frozenset[int]:
    """Return all UIDs of the folder: in windows, since a line of half a million numbers is no server's strength."""
    found: set[int] = set()
    first, window = 1, _WINDOW
    while end.exists and first <= end.last_uid:
        _in_time(until)
        some = uids_in(line, first=first, last=min(first + window - 1, end.last_uid))
        found.update(some)
        first += window
        # Years of mail that was deleted leave gaps.
        window = window * 8 if len(some) < _SPARSE else _WINDOW
    return frozenset(found)


def _dates(line: Line, uids: list[int], *, until: float) -> dict[int, datetime]:
    """Ask the server when it got these: those that we hold have it written down."""
    dates: dict[int, datetime] = {}
    ordered = sorted(uids)
    for start in range(0, len(ordered), _LOOKED_AT_ONCE):
        _in_time(until)
        told = look(line, ordered[start : start + _LOOKED_AT_ONCE])
        dates |= {found.uid: found.arrived for found in told if found.arrived}
    return dates


def _fetch(line: Line, cursor: FolderCursor, uids: tuple[int, ...], *, until: float) -> int:
    """Take in exactly these, one by one, also those that the server would not give before."""
    for known in cursor.troubles.filter(uid__isnull=False):
        fetch_again(known)
    fetched = 0
    for start in range(0, len(uids), _LOOKED_AT_ONCE):
        for found in look(line, list(uids[start : start + _LOOKED_AT_ONCE])):
            _in_time(until)
            fetched += take_alone(line, cursor, Found(found.uid, found.size, found.arrived))
    return fetched


def _in_time(until: float) -> None:
    if time.monotonic() > until:
        raise ImapTrouble(_("The server answered too slowly to be counted. It is asked again later."))
