"""Hand a fetched mail in, with where it lay and what was odd about how it came."""

from django.conf import settings

from postroom.channels.mail.intake import accept
from postroom.channels.mail.models import SENT, FolderCursor
from postroom.channels.mail.source_keys import source_key
from postroom.channels.mail.transports.imap_asking import Found
from postroom.lib.killpoint import killpoint

# Servers count line ends differently, and some give sizes of an earlier form; half of it gone is something else.
_MARGIN = 2000


def keep(raw: bytes, cursor: FolderCursor, found: Found) -> None:
    """Store a mail of the folder; CannotStore when the disk or the database refuses."""
    accept(
        raw,
        mailbox=cursor.source.mailbox,
        transport="imap",
        source_key=source_key(cursor_id=cursor.pk, uidvalidity=cursor.uidvalidity, uid=found.uid),
        cursor=cursor,
        uid=found.uid,
        server_date=found.arrived,
        outgoing=cursor.role == SENT,
        at_once=True,
        problem=_oddity(raw, cursor, found),
    )
    killpoint("before_cursor")


def _oddity(raw: bytes, cursor: FolderCursor, found: Found) -> str:
    if found.size > settings.POSTROOM_MAX_MAIL_BYTES:
        return (
            f"This mail has {found.size} bytes, more than POSTROOM_MAX_MAIL_BYTES allows. Only its beginning was "
            f"taken; the whole is in the folder {cursor.folder} at {cursor.source.host}."
        )
    if len(raw) * 2 + _MARGIN < found.size:
        return f"The server said that this mail has {found.size} bytes, and gave {len(raw)}. The rest may be missing."
    return ""
