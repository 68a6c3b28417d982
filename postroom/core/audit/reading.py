"""Write who opened what. The page is shown only when it is written, and written once in five minutes."""

from datetime import datetime, timedelta

from django.db.models import QuerySet

from postroom.core.audit.models import AuditEntry
from postroom.core.audit.origin import present_origin
from postroom.core.audit.write import write
from postroom.core.events.actor import Actor
from postroom.lib import clock
from postroom.lib.prepared import prepared
from postroom.lib.text import one_line

ONCE_IN = timedelta(minutes=5)
# Somebody who opens more than this in five minutes is written down more often, never less.
_LOOKED_AT = 60


def note_reading(
    action: str, *, by: Actor, subject: str, mailbox_id: int | None = None, conversation_id: int | None = None
) -> bool:
    """Write that somebody opened this; False when the last five minutes have it, from the same place.

    One look at the person's newest entries by their index, and at most one insert. On SQLite the insert waits for
    another writer as long as any change does, and fails loudly after that: what could not be written is not shown.
    """
    origin = present_origin()
    here = (action, subject, one_line(origin.ip, length=45), one_line(origin.device, length=200))
    since = clock.now() - ONCE_IN
    for at, *what in _newest(by.actor_id or 0, by.actor_kind, most=_LOOKED_AT):
        if at < since:
            break
        if tuple(what) == here:
            return False
    write(action, by=by, subject=subject, mailbox_id=mailbox_id, conversation_id=conversation_id)
    return True


@prepared
def _newest(
    actor_id: int, actor_kind: str, *, most: int
) -> "QuerySet[AuditEntry, tuple[datetime, str, str, str, str]]":
    rows = AuditEntry.objects.filter(actor_id=actor_id, actor_kind=actor_kind).order_by("-id")
    return rows.values_list("at", "action", "subject", "ip", "device")[:most]
