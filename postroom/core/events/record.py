"""Write one event: the last statement of every verb, inside its transaction."""

from dataclasses import asdict

from django.db import connection, models
from django.db.models.expressions import RawSQL

from postroom.core.events.actor import Actor
from postroom.core.events.kinds import Kind
from postroom.core.events.models import Event
from postroom.lib import clock


class RecordedOutsideTransaction(RuntimeError):
    """An event must commit together with what it tells of."""


def record(
    kind: Kind,
    *,
    by: Actor,
    mailbox_id: int | None = None,
    conversation_id: int | None = None,
    message_id: int | None = None,
) -> Event:
    """Append the event to the log; it becomes visible when the surrounding transaction commits."""
    if not connection.in_atomic_block:
        raise RecordedOutsideTransaction(kind.name)
    return Event.objects.create(
        xid=_transaction_id(),
        kind=kind.name,
        at=clock.now(),
        actor_kind=by.actor_kind,
        actor_id=by.actor_id,
        mailbox_id=mailbox_id,
        conversation_id=conversation_id,
        message_id=message_id,
        data=asdict(kind),
    )


def _transaction_id() -> "models.expressions.Combinable | int":
    if connection.vendor == "postgresql":
        return RawSQL("pg_current_xact_id()::text::bigint", [])
    return 0
