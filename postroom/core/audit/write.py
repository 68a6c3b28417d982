"""Write one entry of the audit log, in the transaction of what it tells of."""

from collections.abc import Mapping
from typing import Any, TypeAlias

from postroom.core.audit.models import AuditEntry
from postroom.core.audit.origin import present_origin
from postroom.core.audit.proofs import prove
from postroom.core.events.actor import Actor
from postroom.lib import clock
from postroom.lib.rows import insert
from postroom.lib.text import one_line, storable

Plain: TypeAlias = str | int | float | bool | None
Values: TypeAlias = Mapping[str, "Plain | list[str] | list[int]"]

# A signature may be long; what it said is in its place.
_LONGEST = 2000


def write(
    action: str,
    *,
    by: Actor | None,
    subject: str = "",
    subject_name: str = "",
    mailbox_id: int | None = None,
    conversation_id: int | None = None,
    before: Values | None = None,
    after: Values | None = None,
    reason: str = "",
) -> AuditEntry:
    """Append one entry. `by` is None for somebody we do not know (a sign-in that failed).

    `subject` is like "person:12"; `before` and `after` hold only what changed and never a secret.
    """
    origin = present_origin()
    entry = AuditEntry(
        at=clock.now(),
        action=action[:60],
        actor_kind=by.actor_kind if by else "stranger",
        actor_id=by.actor_id if by else None,
        actor_name=one_line(str(getattr(by, "name", "")), length=254) if by else "",
        ip=one_line(origin.ip, length=45),
        device=one_line(origin.device, length=200),
        subject=one_line(subject, length=80),
        subject_name=one_line(subject_name, length=254),
        mailbox_id=mailbox_id,
        conversation_id=conversation_id,
        before=_kept(before),
        after=_kept(after),
        reason=storable(reason)[:_LONGEST],
    )
    prove(entry)
    insert(entry)
    return entry


def _kept(values: Values | None) -> dict[str, Any]:
    """Return the values as both engines give them back: PostgreSQL takes no NUL and writes a float its own way."""
    return {storable(name): _one(value) for name, value in (values or {}).items()}


def _one(value: "Plain | list[str] | list[int]") -> "Plain | list[Plain]":
    if isinstance(value, list):
        return [_one(one) for one in value[:200]]  # type: ignore[misc]
    if isinstance(value, str):
        return storable(value)[:_LONGEST]
    return str(value) if isinstance(value, float) else value
