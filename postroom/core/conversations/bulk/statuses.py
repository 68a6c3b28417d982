"""The status of a conversation, kept before a verb and put back after it."""

from datetime import datetime
from typing import Any

from django.db.models import Q

from postroom.core.conversations.actions.change import change_where
from postroom.core.conversations.actions.gone_owner import free_of_gone_owner
from postroom.core.conversations.allowed import must_answer
from postroom.core.conversations.models import CLOSED, OPEN, PENDING, SNOOZED, SPAM, TRASH, Conversation
from postroom.core.events import kinds
from postroom.core.events.actor import Actor
from postroom.core.events.kinds import Kind
from postroom.core.events.record import record

_MOMENTS = ("closed_at", "waiting_since", "snoozed_until", "trashed_at")
_OTHERS = ("status", "wakes_on_answer", "status_before")

# After one of these the status is no longer what the bulk change made of it.
STATUS_KINDS = (
    kinds.Closed.name,
    kinds.Reopened.name,
    kinds.MarkedPending.name,
    kinds.MarkedSpam.name,
    kinds.MarkedNotSpam.name,
    kinds.Trashed.name,
    kinds.Restored.name,
    kinds.Snoozed.name,
    kinds.Unsnoozed.name,
    kinds.Woke.name,
    kinds.Merged.name,
    kinds.Parted.name,
)


def status_of(conversation: Conversation) -> dict[str, Any]:
    """Return all that says how a conversation stands, as JSON takes it."""
    moments = {name: getattr(conversation, name) for name in _MOMENTS}
    return {
        **{name: getattr(conversation, name) for name in _OTHERS},
        **{name: moment.isoformat() if moment else None for name, moment in moments.items()},
    }


def put_back(conversation: Conversation, *, was: dict[str, Any], now: str, by: Actor) -> bool:
    """Give it the status again that it had; False when it does not have the status `now` any more."""
    must_answer(conversation.mailbox_id, by=by)
    fields = {name: was[name] for name in _OTHERS}
    fields |= {name: datetime.fromisoformat(was[name]) if was[name] else None for name in _MOMENTS}
    if not change_where(conversation, Q(status=now), **fields):
        return False
    if conversation.status == OPEN:
        free_of_gone_owner(conversation)
    record(_kind(was), by=by, mailbox_id=conversation.mailbox_id, conversation_id=conversation.pk)
    return True


def _kind(was: dict[str, Any]) -> Kind:
    if was["status"] == SNOOZED:
        return kinds.Snoozed(until=was["snoozed_until"] or "", answer=was["wakes_on_answer"] is not False)
    made: dict[str, type[Kind]] = {
        OPEN: kinds.Reopened,
        PENDING: kinds.MarkedPending,
        CLOSED: kinds.Closed,
        SPAM: kinds.MarkedSpam,
        TRASH: kinds.Trashed,
    }
    return made[was["status"]]()
