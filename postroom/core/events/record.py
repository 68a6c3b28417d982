"""Write one event: the last statement of every verb, inside its transaction."""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import fields

from django.db import connection

from postroom.core.events.actor import Actor
from postroom.core.events.kinds import Kind
from postroom.core.events.models import Event
from postroom.lib import clock
from postroom.lib.rows import create

# Readers of the log wait for transactions that are still running, see log.py.
_TRANSACTION = (("xid", "pg_current_xact_id()::text::bigint"),)


_bulk: ContextVar[int | None] = ContextVar("postroom_bulk", default=None)


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
    return create(
        Event,
        computed=_TRANSACTION if connection.vendor == "postgresql" else (),
        kind=kind.name,
        at=clock.now(),
        actor_kind=by.actor_kind,
        actor_id=by.actor_id,
        mailbox_id=mailbox_id,
        conversation_id=conversation_id,
        message_id=message_id,
        # Not asdict(), which copies every value ever so deeply; kinds hold what JSON holds.
        data={field.name: getattr(kind, field.name) for field in fields(kind)},
        bulk_id=_bulk.get(),
    )


@contextmanager
def together(bulk_id: int) -> Iterator[None]:
    """Let what is recorded inside the block be one of very many: browsers are told of all at once, and not of each.

    The verbs that run inside know nothing of it, and are the same for one conversation and for ten thousand.
    """
    token = _bulk.set(bulk_id)
    try:
        yield
    finally:
        _bulk.reset(token)
