"""Write who opened what. The page is shown only when it is written, and written once in five minutes."""

from datetime import datetime, timedelta

from django.db.models import Q, QuerySet

from postroom.core.audit.models import AuditEntry
from postroom.core.audit.origin import present_origin
from postroom.core.audit.write import write
from postroom.core.events.actor import Actor
from postroom.lib import clock
from postroom.lib.prepared import prepared
from postroom.lib.text import one_line

ONCE_IN = timedelta(minutes=5)
# Where more than this is written in five minutes, a reading is written down more often, never less.
_LOOKED_AT = 60


def note_reading(
    action: str, *, by: Actor, subject: str, mailbox_id: int | None = None, conversation_id: int | None = None
) -> bool:
    """Write that somebody opened this; False when the last five minutes have it, from the same place.

    One look at the newest entries of the conversation, or of the person, and at most one insert. On SQLite the insert
    waits for another writer as long as any change does, and fails loudly after that: what could not be written is not
    shown.
    """
    origin = present_origin()
    here = [action, subject, one_line(origin.ip, length=45), one_line(origin.device, length=200)]
    # A conversation has few entries of late; who works fast has as many as are looked at.
    among = conversation_id or by.actor_id or 0
    since = clock.now() - ONCE_IN
    if _lately(among, by.actor_id or 0, by.actor_kind, here, since, of_conversation=conversation_id is not None):
        return False
    write(action, by=by, subject=subject, mailbox_id=mailbox_id, conversation_id=conversation_id)
    return True


@prepared
def _lately(
    among: int, actor_id: int, actor_kind: str, here: list[str], since: datetime, *, of_conversation: bool
) -> "QuerySet[AuditEntry, int]":
    action, subject, ip, device = here
    theirs = Q(conversation_id=among) if of_conversation else Q(actor_id=among)
    newest = AuditEntry.objects.filter(theirs).order_by("-id")[:_LOOKED_AT]
    rows = AuditEntry.objects.filter(
        pk__in=newest.values("pk"), actor_id=actor_id, actor_kind=actor_kind, at__gte=since
    )
    return rows.filter(action=action, subject=subject, ip=ip, device=device).values_list("pk", flat=True)[:1]
