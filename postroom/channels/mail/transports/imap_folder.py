"""Take a folder in, from where it was left: by UIDVALIDITY and UID, never by flags or time."""

from collections.abc import Iterator
from datetime import timedelta

from django.conf import settings
from django.db.models import F
from imapclient.exceptions import IMAPClientError

from postroom.channels.mail.folder_end import FolderEnd
from postroom.channels.mail.models import ARRIVING, FolderCursor, Source
from postroom.channels.mail.transports.imap_alone import take_alone, take_due
from postroom.channels.mail.transports.imap_asking import Found, fetch_whole, last_uid, look, select, uids_in
from postroom.channels.mail.transports.imap_keeping import keep
from postroom.channels.mail.transports.imap_wire import Line, is_lost
from postroom.lib import clock

__all__ = ["OpenFolder", "open_folder", "select"]

# UIDs asked for at once. A folder's are dense or sparse, and a line of half a million numbers is no server's strength.
_WINDOW = 20_000
_WIDEST = 2**32
_LOOKED_AT_ONCE = 500
_FETCHED_AT_ONCE = 50
_BYTES_AT_ONCE = 8 * 1024 * 1024
# Server clocks are never right; a day covers every time zone written wrongly.
_MARGIN = timedelta(days=1)
# From here on it takes long enough for somebody to wonder.
_LONG_WAY = 300


def open_folder(line: Line, source: Source, *, folder: str, role: str = ARRIVING) -> "OpenFolder":
    """Select the folder read-only, its cursor begun or begun anew as the server's UIDVALIDITY asks."""
    end = select(line, folder)
    cursor, _made = FolderCursor.objects.get_or_create(
        source=source,
        folder=folder,
        defaults={
            "role": role,
            "uidvalidity": end.uidvalidity,
            "last_uid": 0 if source.import_existing else end.last_uid,
            "begun_at": None if source.import_existing else clock.now(),
        },
    )
    if cursor.role != role:
        cursor.role = role
        cursor.save(update_fields=["role"])
    if cursor.uidvalidity != end.uidvalidity:
        # The numbers mean other messages now. All are looked at again; what is known is known by its bytes.
        cursor.uidvalidity, cursor.last_uid, cursor.renumbered_to = end.uidvalidity, 0, end.last_uid
        cursor.careful_to = cursor.backlog = cursor.fetched = 0
        cursor.save()
        cursor.troubles.all().delete()
    elif end.last_uid < cursor.last_uid and last_uid(line) < cursor.last_uid and end.exists:
        cursor = _begun_anew(cursor, end)
    return OpenFolder(line, cursor, end)


class OpenFolder:
    """A folder that is selected on a line, and how far it has been taken in."""

    def __init__(self, line: Line, cursor: FolderCursor, end: FolderEnd) -> None:
        self.line, self.cursor, self.end = line, cursor, end
        self._window = _WINDOW
        self._ghosts: set[int] = set()

    def take_some(self) -> bool:
        """Take in the next mails after the cursor, and move it behind each batch that is stored.

        Tell whether there may be more: then it is asked again.
        """
        uids = self._next_uids()
        if not uids:
            take_due(self.line, self.cursor)
            self._arrive()
            return False
        self._set_out()
        for batch in _batches(self._look(uids)):
            self._take(batch)
            _move(self.cursor, batch[-1].uid, taken=len(batch))
        return True

    def _next_uids(self) -> list[int]:
        """Return some UIDs after the cursor; none when there are none."""
        cursor = self.cursor
        while cursor.last_uid + self._window < self.end.last_uid:
            first, last = cursor.last_uid + 1, cursor.last_uid + self._window
            uids = uids_in(self.line, first=first, last=last)
            if uids:
                return uids
            # Nothing but gaps: years of mail that was deleted.
            _move(cursor, last, taken=0)
            self._window = min(self._window * 8, _WIDEST)
        return [uid for uid in uids_in(self.line, first=cursor.last_uid + 1, last=None) if uid not in self._ghosts]

    def _look(self, uids: list[int]) -> list[Found]:
        """Return size and date of the next mails; without asking, where asking broke the line."""
        uids = uids[:_LOOKED_AT_ONCE]
        careful = [uid for uid in uids if uid <= self.cursor.careful_to]
        if careful:
            return [Found(uid, size=0, arrived=None) for uid in careful]
        try:
            told = {found.uid: found for found in look(self.line, uids)}
        except (OSError, IMAPClientError) as error:
            self._be_careful(error, upto=uids[-1])
            return [Found(uid, size=0, arrived=None) for uid in uids]
        # A number that the server has not given out yet, and of which it tells nothing, is none. Behind it mail may
        # come with lower ones, so that the cursor must not move there.
        self._ghosts |= {uid for uid in uids if uid not in told and uid > self.end.last_uid}
        return [told.get(uid) or Found(uid, size=0, arrived=None) for uid in uids if uid not in self._ghosts]

    def _take(self, batch: list[Found]) -> None:
        wanted = [found for found in batch if _wanted(found, self.cursor)]
        largest = settings.POSTROOM_MAX_MAIL_BYTES
        together = [found for found in wanted if found.size <= largest and found.uid > self.cursor.careful_to]
        given = self._given(together) if together else {}
        for found in wanted:
            raw = given.get(found.uid)
            if raw is None or (not raw and found.size):
                take_alone(self.line, self.cursor, found)
            else:
                keep(raw, self.cursor, found)

    def _given(self, batch: list[Found]) -> dict[int, bytes]:
        """Return what comes when all are asked for at once. Whatever is missing is asked for one by one."""
        try:
            return fetch_whole(self.line, [found.uid for found in batch])
        except (OSError, IMAPClientError) as error:
            self._be_careful(error, upto=batch[-1].uid)
            return {}

    def _be_careful(self, error: OSError | IMAPClientError, *, upto: int) -> None:
        """When the line broke, one of the mails may have done it: on the next line each is asked for alone."""
        if is_lost(error):
            FolderCursor.objects.filter(pk=self.cursor.pk).update(careful_to=upto)
            raise error

    def _set_out(self) -> None:
        cursor = self.cursor
        waiting = min(self.end.exists, self.end.last_uid - cursor.last_uid)
        if cursor.backlog or waiting < _LONG_WAY:
            return
        cursor.backlog, cursor.fetched = waiting, 0
        cursor.save(update_fields=["backlog", "fetched"])

    def _arrive(self) -> None:
        if self.cursor.backlog:
            self.cursor.backlog = self.cursor.fetched = 0
            self.cursor.save(update_fields=["backlog", "fetched"])


def _begun_anew(cursor: FolderCursor, end: FolderEnd) -> FolderCursor:
    """Begin with another cursor, for other keys: the server has put an older state of the folder back.

    It gives the same numbers to other mails then, and does not say so. Else each would be taken for one we have.
    """
    source, folder, role, begun_at = cursor.source, cursor.folder, cursor.role, cursor.begun_at
    cursor.delete()
    return FolderCursor.objects.create(
        source=source,
        folder=folder,
        role=role,
        begun_at=begun_at,
        uidvalidity=end.uidvalidity,
        renumbered_to=end.last_uid,
    )


def _batches(messages: list[Found]) -> Iterator[list[Found]]:
    batch: list[Found] = []
    for found in messages:
        full = len(batch) == _FETCHED_AT_ONCE or sum(one.size for one in batch) + found.size > _BYTES_AT_ONCE
        if batch and full:
            yield batch
            batch = []
        batch.append(found)
    if batch:
        yield batch


def _wanted(found: Found, cursor: FolderCursor) -> bool:
    """Leave out, of a folder numbered anew, what lay there before it was connected and was not wanted then."""
    old = cursor.begun_at is not None and found.arrived is not None and found.arrived < cursor.begun_at - _MARGIN
    return not (old and found.uid <= cursor.renumbered_to)


def _move(cursor: FolderCursor, uid: int, *, taken: int) -> None:
    """Never backwards, and only within the same numbering: another worker may have moved it further."""
    rows = FolderCursor.objects.filter(pk=cursor.pk, uidvalidity=cursor.uidvalidity)
    rows.filter(last_uid__lt=uid).update(last_uid=uid, fetched=F("fetched") + taken)
    cursor.last_uid, cursor.fetched = max(cursor.last_uid, uid), cursor.fetched + taken
