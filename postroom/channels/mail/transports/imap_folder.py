"""Take a folder in, from where it was left: by UIDVALIDITY and UID, never by flags or time."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from django.conf import settings
from imapclient import IMAPClient

from postroom.channels.mail.folder_end import FolderEnd
from postroom.channels.mail.intake import accept
from postroom.channels.mail.models import FolderCursor, Source
from postroom.channels.mail.source_keys import source_key
from postroom.lib import clock
from postroom.lib.killpoint import killpoint

_ASKED_AT_ONCE = 500
_FETCHED_AT_ONCE = 50
_BYTES_AT_ONCE = 8 * 1024 * 1024
# Server clocks are never right; a day covers every time zone written wrongly.
_MARGIN = timedelta(days=1)


@dataclass(frozen=True)
class _Found:
    """A message of the folder before it is fetched."""

    uid: int
    size: int
    arrived: datetime


def open_folder(line: IMAPClient, source: Source) -> FolderCursor:
    """Select the folder read-only and return the cursor, begun or begun anew as the server's UIDVALIDITY asks."""
    end = select(line, source.folder)
    uidvalidity, last = end.uidvalidity, end.last_uid
    cursor, _made = FolderCursor.objects.get_or_create(
        source=source,
        folder=source.folder,
        defaults={
            "uidvalidity": uidvalidity,
            "last_uid": 0 if source.import_existing else last,
            "begun_at": None if source.import_existing else clock.now(),
        },
    )
    if cursor.uidvalidity != uidvalidity:
        # The numbers mean other messages now. All are looked at again; what is known is known by its bytes.
        cursor.uidvalidity, cursor.last_uid, cursor.renumbered_to = uidvalidity, 0, last
        cursor.save(update_fields=["uidvalidity", "last_uid", "renumbered_to"])
    return cursor


def select(line: IMAPClient, folder: str) -> FolderEnd:
    """Select the folder read-only and return where it ends now."""
    told = line.select_folder(folder, readonly=True)
    last = int(told[b"UIDNEXT"]) - 1 if b"UIDNEXT" in told else max(line.search("ALL"), default=0)
    return FolderEnd(uidvalidity=int(told[b"UIDVALIDITY"]), last_uid=last)


def take_new(line: IMAPClient, cursor: FolderCursor) -> int:
    """Take in every message after the cursor, and move it behind each batch that is stored; return how many came."""
    # "n:*" always names the last message, even one before n (RFC 3501 6.4.8).
    uids = sorted(uid for uid in line.search(["UID", f"{cursor.last_uid + 1}:*"]) if uid > cursor.last_uid)
    taken = 0
    for start in range(0, len(uids), _ASKED_AT_ONCE):
        for batch in _batches(_look(line, uids[start : start + _ASKED_AT_ONCE])):
            taken += _take(line, cursor, [found for found in batch if _wanted(found, cursor)])
            _move(cursor, batch[-1].uid)
        _move(cursor, uids[: start + _ASKED_AT_ONCE][-1])
    return taken


def _look(line: IMAPClient, uids: list[int]) -> list[_Found]:
    told = line.fetch(uids, ["RFC822.SIZE", "INTERNALDATE"])
    return [
        _Found(uid=uid, size=int(told[uid].get(b"RFC822.SIZE", 0)), arrived=_aware(told[uid].get(b"INTERNALDATE")))
        for uid in uids
        if uid in told
    ]


def _batches(messages: list[_Found]) -> Iterator[list[_Found]]:
    batch: list[_Found] = []
    for found in messages:
        full = len(batch) == _FETCHED_AT_ONCE or sum(one.size for one in batch) + found.size > _BYTES_AT_ONCE
        if batch and full:
            yield batch
            batch = []
        batch.append(found)
    if batch:
        yield batch


def _wanted(found: _Found, cursor: FolderCursor) -> bool:
    """Leave out, of a folder numbered anew, what lay there before it was connected and was not wanted then."""
    old = cursor.begun_at is not None and found.arrived < cursor.begun_at - _MARGIN
    return not (old and found.uid <= cursor.renumbered_to)


def _take(line: IMAPClient, cursor: FolderCursor, batch: list[_Found]) -> int:
    largest = settings.POSTROOM_MAX_MAIL_BYTES
    for huge in [found for found in batch if found.size > largest]:
        told = line.fetch([huge.uid], [f"BODY.PEEK[]<0.{largest}>"])
        _accept(told.get(huge.uid), cursor, huge, problem=_too_large(huge, cursor))
    fitting = [found for found in batch if found.size <= largest]
    if fitting:
        # PEEK leaves \Seen alone: whether a person has read it is not our business.
        told = line.fetch([found.uid for found in fitting], ["BODY.PEEK[]"])
        for found in fitting:
            _accept(told.get(found.uid), cursor, found, problem="")
    return len(batch)


def _accept(told: dict[bytes, Any] | None, cursor: FolderCursor, found: _Found, *, problem: str) -> None:
    raw = next((value for key, value in (told or {}).items() if key.startswith(b"BODY[")), None)
    if raw is None:
        # Deleted on the server between the question and the answer.
        return
    accept(
        bytes(raw),
        mailbox=cursor.source.mailbox,
        transport="imap",
        source_key=source_key(cursor_id=cursor.pk, uidvalidity=cursor.uidvalidity, uid=found.uid),
        problem=problem,
    )
    killpoint("before_cursor")


def _too_large(found: _Found, cursor: FolderCursor) -> str:
    return (
        f"This mail has {found.size} bytes, more than POSTROOM_MAX_MAIL_BYTES allows. Only its beginning was taken; "
        f"the whole is in the folder {cursor.folder} at {cursor.source.host}."
    )


def _move(cursor: FolderCursor, uid: int) -> None:
    """Never backwards, and only within the same numbering: another worker may have moved it further."""
    rows = FolderCursor.objects.filter(pk=cursor.pk, uidvalidity=cursor.uidvalidity)
    rows.filter(last_uid__lt=uid).update(last_uid=uid)
    cursor.last_uid = max(cursor.last_uid, uid)


def _aware(moment: datetime | None) -> datetime:
    """IMAPClient gives local time without a zone; a server that names no date is not old."""
    return moment.astimezone(UTC) if moment else datetime.max.replace(tzinfo=UTC)
