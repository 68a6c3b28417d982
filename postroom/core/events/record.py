"""Write one event: the last statement of every verb, inside its transaction."""

from dataclasses import asdict

from django.db import connection

from postroom.core.events.actor import Actor
from postroom.core.events.kinds import Kind
from postroom.core.events.models import Event
from postroom.lib import clock
from postroom.lib.rows import insert

# Readers of the log wait for transactions that are still running, see log.py.
_TRANSACTION = (("xid", "pg_current_xact_id()::text::bigint"),)


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
    event = Event(
        kind=kind.name,
        at=clock.now(),
        actor_kind=by.actor_kind,
        actor_id=by.actor_id,
        mailbox_id=mailbox_id,
        conversation_id=conversation_id,
        message_id=message_id,
        data=asdict(kind),
    )
    insert(event, computed=_TRANSACTION if connection.vendor == "postgresql" else ())
    return event
