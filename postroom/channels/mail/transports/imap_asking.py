"""What is asked of an IMAP server about a folder, and nothing else: each answer is looked at before it is believed."""

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from postroom.channels.mail.folder_end import FolderEnd
from postroom.channels.mail.transports.imap_wire import Line, NoNumbering, sense

# RFC 3501 9, nz-number.
_LARGEST_NUMBER = 2**32 - 1


@dataclass(frozen=True)
class Found:
    """A message of the folder before it is fetched: `size` as the server says, 0 when it says nothing sensible."""

    uid: int
    size: int
    arrived: datetime | None


def select(line: Line, folder: str, *, readonly: bool = True) -> FolderEnd:
    """Select the folder, read-only unless asked otherwise, and return where it ends now."""
    with sense():
        told = line.select_folder(folder, readonly=readonly)
        line.heard_of_mail()
        if not told.get(b"UIDVALIDITY"):
            raise NoNumbering("the folder has no UIDVALIDITY")
        exists = max(0, int(told.get(b"EXISTS") or 0))
        if told.get(b"UIDNEXT"):
            return FolderEnd(int(told[b"UIDVALIDITY"]), int(told[b"UIDNEXT"]) - 1, exists)
        last = last_uid(line) if exists else 0
        return FolderEnd(uidvalidity=int(told[b"UIDVALIDITY"]), last_uid=last, exists=exists)


def last_uid(line: Line) -> int:
    """Return the highest UID that there is, 0 for an empty folder."""
    with sense():
        # "n:*" always names the last message, even one before n (RFC 3501 6.4.8).
        told = line.search(["UID", f"{_LARGEST_NUMBER}:*"]) or line.search("ALL")
    return max((uid for uid in told if _is_uid(uid)), default=0)


def uids_in(line: Line, *, first: int, last: int | None) -> list[int]:
    """Return the UIDs from `first` to `last`, or to the end, in their order; what was not asked for is left out."""
    with sense():
        told = line.search(["UID", f"{first}:{last or '*'}"])
    end = last or _LARGEST_NUMBER
    return sorted({uid for uid in told if _is_uid(uid) and first <= uid <= end})


def look(line: Line, uids: list[int]) -> list[Found]:
    """Return size and date of those of which the server tells anything."""
    with sense():
        told = line.fetch(uids, ["RFC822.SIZE", "INTERNALDATE"])
    return [_found(uid, told[uid]) for uid in uids if uid in told]


def fetch_whole(line: Line, uids: list[int]) -> dict[int, bytes]:
    """Return the mails that the server gives. PEEK leaves \\Seen alone: who has read it is not decided here."""
    with sense():
        told = line.fetch(uids, ["BODY.PEEK[]"])
    bodies = {uid: _body(told.get(uid)) for uid in uids}
    return {uid: raw for uid, raw in bodies.items() if raw is not None}


def fetch_beginning(line: Line, uid: int, *, size: int) -> bytes | None:
    """Return the first `size` bytes of a mail; None when the server does not give it."""
    with sense():
        told = line.fetch([uid], [f"BODY.PEEK[]<0.{size}>"])
    return _body(told.get(uid))


def fetch_head(line: Line, uid: int) -> bytes:
    """Return what tells a person which mail this is; nothing when the server does not give that either."""
    with sense():
        told = line.fetch([uid], ["BODY.PEEK[HEADER.FIELDS (FROM SUBJECT DATE)]"])
    return _body(told.get(uid)) or b""


def _body(told: dict[bytes, Any] | None) -> bytes | None:
    for key, value in (told or {}).items():
        if key.startswith(b"BODY[") and isinstance(value, bytes):
            return value
    return None


def _found(uid: int, told: dict[bytes, Any]) -> Found:
    size = told.get(b"RFC822.SIZE")
    return Found(uid=uid, size=size if isinstance(size, int) and size > 0 else 0, arrived=_date(told))


def _date(told: dict[bytes, Any]) -> datetime | None:
    moment = told.get(b"INTERNALDATE")
    try:
        # IMAPClient gives local time without a zone.
        return moment.astimezone(UTC) if isinstance(moment, datetime) else None
    except (OverflowError, ValueError, OSError):
        return None


def _is_uid(number: object) -> bool:
    return isinstance(number, int) and 0 < number <= _LARGEST_NUMBER
