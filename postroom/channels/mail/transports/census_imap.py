"""Count the folders of an IMAP account: the server's UIDs beside ours, in batches, on a line of its own."""

import time
from datetime import UTC, datetime
from typing import Any

from django.conf import settings
from django.utils.translation import gettext as _
from imapclient import IMAPClient
from imapclient.exceptions import IMAPClientError

from postroom.channels.mail.figures import FolderFigures, Seen, compare
from postroom.channels.mail.holdings import held_of, known_among
from postroom.channels.mail.intake import accept
from postroom.channels.mail.models import FolderCursor, Source
from postroom.channels.mail.models.source import SENT
from postroom.channels.mail.server_settings import ServerSettings
from postroom.channels.mail.source_keys import source_key
from postroom.channels.mail.transports.imap_line import ImapTrouble, close_line, folder_trouble, open_line, trouble

_SECONDS = 60
# A census is not worth more of a slow server's time, nor a worker's.
_LONGEST = 12 * 60
_DATES_AT_ONCE = 1_000


def count_imap(source: Source, server: ServerSettings, *, fetch: bool) -> tuple[list[FolderFigures], int, list[str]]:
    """Return the figures of each folder that is followed, how many mails were fetched, and which were refused."""
    until = time.monotonic() + _LONGEST
    line = open_line(server, seconds=_SECONDS)
    found: list[FolderFigures] = []
    fetched = 0
    refused: list[str] = []
    try:
        for cursor in source.cursors.order_by("pk"):
            figures = _count(line, cursor, server, until=until)
            if fetch and figures.missing_uids:
                got, missed = _fetch(line, cursor, figures.missing_uids, until=until)
                fetched, refused = fetched + got, refused + missed
                figures = _count(line, cursor, server, until=until)
            found.append(figures)
    except (IMAPClientError, OSError) as error:
        raise trouble(error, server) from error
    finally:
        close_line(line)
    return found, fetched, refused


def _count(line: IMAPClient, cursor: FolderCursor, server: ServerSettings, *, until: float) -> FolderFigures:
    cursor.refresh_from_db()
    try:
        # STATUS asks nothing of the messages; a folder that was numbered anew is first taken in anew.
        status = line.folder_status(cursor.folder, ["MESSAGES", "UIDVALIDITY"])
        told = line.select_folder(cursor.folder, readonly=True)
    except IMAPClientError as error:
        if "EOF" in str(error) or "socket error" in str(error):
            raise
        raise folder_trouble(error, server, cursor.folder) from error
    if int(told[b"UIDVALIDITY"]) != cursor.uidvalidity:
        raise ImapTrouble(
            _("%(host)s has numbered the folder %(folder)s anew. It is taken in again first and compared after that.")
            % {"host": server.host, "folder": cursor.folder}
        )
    # Ours after theirs: mail that is stored in between is on both sides or on its way, never missing.
    theirs = frozenset(line.search("ALL")) if status.get(b"MESSAGES", 1) else frozenset()
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


def _dates(line: IMAPClient, uids: list[int], *, until: float) -> dict[int, datetime]:
    """Ask the server when it got these, so many at once that its answers stay small."""
    dates: dict[int, datetime] = {}
    ordered = sorted(uids)
    for start in range(0, len(ordered), _DATES_AT_ONCE):
        _in_time(until)
        for uid, told in line.fetch(ordered[start : start + _DATES_AT_ONCE], ["INTERNALDATE"]).items():
            at = told.get(b"INTERNALDATE")
            if at is not None:
                dates[uid] = at.astimezone(UTC)
    return dates


def _fetch(line: IMAPClient, cursor: FolderCursor, uids: tuple[int, ...], *, until: float) -> tuple[int, list[str]]:
    """Take in exactly these, one by one, so that one that the server cannot give stops no other."""
    fetched = 0
    refused: list[str] = []
    for uid in uids:
        _in_time(until)
        try:
            fetched += _take(line, cursor, uid)
        except IMAPClientError as error:
            if "EOF" in str(error) or "socket error" in str(error):
                raise
            refused.append(f"{cursor.folder} {uid}: {error}"[:300])
    return fetched, refused


def _take(line: IMAPClient, cursor: FolderCursor, uid: int) -> int:
    largest = settings.POSTROOM_MAX_MAIL_BYTES
    facts = line.fetch([uid], ["RFC822.SIZE", "INTERNALDATE"]).get(uid)
    if not facts:
        # Deleted on the server since it was counted.
        return 0
    size, arrived = int(facts.get(b"RFC822.SIZE", 0)), facts.get(b"INTERNALDATE")
    # PEEK leaves \Seen alone, as the watcher does.
    told: dict[bytes, Any] = line.fetch([uid], [f"BODY.PEEK[]<0.{largest}>" if size > largest else "BODY.PEEK[]"])[uid]
    raw = next((value for key, value in told.items() if key.startswith(b"BODY[")), None)
    if raw is None:
        return 0
    accept(
        bytes(raw),
        mailbox=cursor.source.mailbox,
        transport="imap",
        source_key=source_key(cursor_id=cursor.pk, uidvalidity=cursor.uidvalidity, uid=uid),
        cursor=cursor,
        uid=uid,
        server_date=arrived.astimezone(UTC) if arrived else None,
        outgoing=cursor.role == SENT,
        problem=_too_large(cursor, size) if size > largest else "",
    )
    return 1


def _too_large(cursor: FolderCursor, size: int) -> str:
    return (
        f"This mail has {size} bytes, more than POSTROOM_MAX_MAIL_BYTES allows. Only its beginning was taken; "
        f"the whole is in the folder {cursor.folder} at {cursor.source.host}."
    )


def _in_time(until: float) -> None:
    if time.monotonic() > until:
        raise ImapTrouble(_("The server answered too slowly to be counted. It is asked again later."))
