"""Ask for one mail that did not come with the others, and remember when the server does not give it."""

from django.conf import settings
from imapclient.exceptions import IMAPClientError

from postroom.channels.mail.actions.fetch_troubles import begin_try, note
from postroom.channels.mail.models import FolderCursor
from postroom.channels.mail.parse import parse
from postroom.channels.mail.source_keys import source_key
from postroom.channels.mail.transports.imap_asking import Found, fetch_beginning, fetch_head, fetch_whole, uids_in
from postroom.channels.mail.transports.imap_keeping import keep
from postroom.channels.mail.transports.imap_line import own_words
from postroom.channels.mail.transports.imap_wire import Line, is_lost
from postroom.lib import clock
from postroom.lib.marked import marked

LINE_BROKE = marked("The line broke while this mail was fetched.")
NOT_GIVEN = marked("The server names this mail and does not give it.")


def take_alone(line: Line, cursor: FolderCursor, found: Found) -> bool:
    """Take one mail in; tell whether it is stored. The try is counted first: the line may break, or we may.

    A mail that has its trouble and is not due is left for later.
    """
    key = source_key(cursor_id=cursor.pk, uidvalidity=cursor.uidvalidity, uid=found.uid)
    trouble = begin_try(cursor, key=key, uid=found.uid, size=found.size, server_date=found.arrived)
    if trouble is None:
        return False
    try:
        raw = _ask(line, found)
        there = raw is not None or bool(uids_in(line, first=found.uid, last=found.uid))
    except (OSError, IMAPClientError) as error:
        if is_lost(error):
            note(trouble, LINE_BROKE)
            raise
        note(trouble, own_words(error), about=_about(line, found))
        return False
    if raw is not None:
        keep(raw, cursor, found)
    elif there:
        note(trouble, NOT_GIVEN, about=_about(line, found))
        return False
    # Stored, or deleted on the server meanwhile.
    trouble.delete()
    return raw is not None


def take_due(line: Line, cursor: FolderCursor) -> None:
    """Ask again for what the server did not give, as far as it is due. The folder is selected."""
    for trouble in cursor.troubles.filter(next_try_at__lte=clock.now()).order_by("next_try_at")[:20]:
        take_alone(line, cursor, Found(trouble.uid or 0, trouble.size, trouble.server_date))


def _ask(line: Line, found: Found) -> bytes | None:
    if found.size > settings.POSTROOM_MAX_MAIL_BYTES:
        return fetch_beginning(line, found.uid, size=settings.POSTROOM_MAX_MAIL_BYTES)
    raw = fetch_whole(line, [found.uid]).get(found.uid)
    # An empty answer for a mail that has bytes is none.
    return None if raw == b"" and found.size else raw


def _about(line: Line, found: Found) -> str:
    try:
        head = parse(fetch_head(line, found.uid))
    except (OSError, IMAPClientError):
        return ""
    return f"{head.from_}: {head.subject}" if head.from_.email else head.subject
