"""Which mails of a server's folder are with us, by the name that each has for all time."""

from collections.abc import Collection
from datetime import UTC, datetime

from postroom.channels.mail.models import FolderCursor, IncomingMail
from postroom.channels.mail.source_keys import read, source_key

_AT_ONCE = 500


def held_of(cursor: FolderCursor) -> dict[int, datetime | None]:
    """Return the UIDs of this folder's numbering that we hold, with the server's own date of each where it is known."""
    folder = source_key(cursor_id=cursor.pk, uidvalidity=cursor.uidvalidity, uid=0).rpartition(":")[0]
    held: dict[int, datetime | None] = {}
    rows = IncomingMail.objects.filter(cursor=cursor, uid__isnull=False).order_by("cursor", "uid")
    for uid, key, at in rows.values_list("uid", "source_key", "server_date").iterator(chunk_size=2_000):
        # The same folder may have been numbered anew; then the old numbers are other mails.
        if uid is not None and (key or "").startswith(f"{folder}:"):
            held[uid] = at.astimezone(UTC) if at else None
    return held


def known_among(cursor: FolderCursor, uids: Collection[int]) -> dict[int, datetime | None]:
    """Return which of these we hold although their rows do not say where they lay (mail of earlier versions)."""
    held: dict[int, datetime | None] = {}
    ordered = sorted(uids)
    for start in range(0, len(ordered), _AT_ONCE):
        keys = [
            source_key(cursor_id=cursor.pk, uidvalidity=cursor.uidvalidity, uid=uid)
            for uid in ordered[start : start + _AT_ONCE]
        ]
        for key, at in IncomingMail.objects.filter(source_key__in=keys).values_list("source_key", "server_date"):
            found = read(key)
            if found:
                held[found.uid] = at.astimezone(UTC) if at else None
    return held
