"""Count a POP3 account by the names that the server gives its mails (UIDL, RFC 1939 7)."""

import poplib

from postroom.channels.mail.actions.fetch_troubles import fetch_again
from postroom.channels.mail.figures import Counted, FolderFigures
from postroom.channels.mail.models import FolderCursor, Source
from postroom.channels.mail.server_settings import ServerSettings
from postroom.channels.mail.source_keys import pop_key
from postroom.channels.mail.transports.pop_box import lying
from postroom.channels.mail.transports.pop_line import close_line, hang_up, open_line, trouble

_SECONDS = 60


def count_pop(source: Source, server: ServerSettings, *, fetch: bool) -> Counted:
    """Return the account's figures. With `fetch` its watcher asks at its next look for what the server did not give."""
    cursor = source.cursors.order_by("pk").first()
    if cursor is None:
        return Counted(())
    line = open_line(server, seconds=_SECONDS)
    try:
        names = {one.name for one in lying(line)}
    except (poplib.error_proto, OSError) as error:
        raise trouble(error, server) from error
    else:
        close_line(line)
    finally:
        hang_up(line)
    if fetch:
        for known in cursor.troubles.all():
            fetch_again(known)
    return Counted((_figures(cursor, names),))


def _figures(cursor: FolderCursor, names: set[str]) -> FolderFigures:
    """A mail that is new waits for the watcher's next look; one that the server did not give is missing."""
    seen = set(cursor.pop_names.values_list("name", flat=True))
    failed = set(cursor.troubles.values_list("key", flat=True))
    # A name without a mail lay there before the account was connected.
    held = set(cursor.pop_names.filter(mail__isnull=False).values_list("name", flat=True))
    lacking = names - seen
    missing = {name for name in lacking if pop_key(cursor_id=cursor.pk, name=name) in failed}
    return FolderFigures(
        folder=cursor.folder,
        cursor_id=cursor.pk,
        uidvalidity=cursor.uidvalidity,
        server=len(names),
        held=len(held & names),
        before=len((names & seen) - held),
        coming=len(lacking - missing),
        missing=len(missing),
        gone=len(held - names),
    )
