"""Read the log so that nothing is ever skipped.

PostgreSQL hands out ids before commit, so a later id can become visible first, and a reader that polls `id > n` misses
the earlier one for ever. Events therefore carry their transaction's id; only those below the oldest transaction still
running are read, in the order (xid, id). SQLite has one writer at a time: there xid is 0 and the id alone is the order.
"""

from dataclasses import dataclass

from django.db import connection
from django.db.models import QuerySet
from django.db.models.expressions import RawSQL

from postroom.core.events.models import Event
from postroom.lib.prepared import prepared


@dataclass(frozen=True, order=True)
class Position:
    """A place in the log, after which reading goes on."""

    xid: int = 0
    id: int = 0

    def __str__(self) -> str:
        return f"{self.xid}-{self.id}"

    @classmethod
    def parse(cls, text: str) -> "Position | None":
        """Read what `str()` wrote (a browser's Last-Event-ID); None for anything else."""
        xid, dash, event_id = text.strip().partition("-")
        small = len(xid) <= 18 and len(event_id) <= 18
        if dash and small and xid.isascii() and event_id.isascii() and xid.isdigit() and event_id.isdigit():
            return cls(int(xid), int(event_id))
        return None

    @classmethod
    def of(cls, event: Event) -> "Position":
        """Return the place of one event."""
        return cls(event.xid, event.id)


def after(position: Position, *, limit: int = 500) -> list[Event]:
    """Return up to `limit` settled events after the position, oldest first."""
    return list(later(position)[:limit])


def later(position: Position) -> QuerySet[Event]:
    """Return all settled events after the position, oldest first."""
    if connection.vendor == "postgresql":
        # Starts inside the index, which an OR of two conditions does not.
        rest = _settled().filter(xid__gte=position.xid).exclude(xid=position.xid, id__lte=position.id)
        return rest.order_by("xid", "id")
    if position.xid:
        return Event.objects.none()
    # Every xid is 0: a condition on it would walk the whole log.
    return Event.objects.filter(id__gt=position.id).order_by("id")


def end() -> Position:
    """Return the position of the newest settled event."""
    newest = _end()
    return Position(*newest[0]) if newest else Position()


@prepared
def _end() -> "QuerySet[Event, tuple[int, int]]":
    return _settled().order_by("-xid", "-id").values_list("xid", "id")[:1]


def _settled() -> QuerySet[Event]:
    events = Event.objects.all()
    if connection.vendor == "postgresql":
        events = events.filter(xid__lt=RawSQL("pg_snapshot_xmin(pg_current_snapshot())::text::bigint", []))
    return events
