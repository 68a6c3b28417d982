"""A reply that was written against an old state: what has changed since, by others, whatever way it came to us."""

from collections.abc import Sequence

from postroom.core.accounts.models import User
from postroom.core.conversations.actions.addressing import People
from postroom.core.conversations.actions.refusals import ConversationMoved
from postroom.core.conversations.automatic import NOT_THE_CUSTOMER
from postroom.core.conversations.models import OPEN, Contact, Conversation, Message
from postroom.core.conversations.models.message import CANCELLED, IN, OUT
from postroom.core.conversations.state import Changed, State
from postroom.core.events.kinds import (
    Assigned,
    Closed,
    ContactChanged,
    MarkedPending,
    MarkedSpam,
    MovedToMailbox,
    Snoozed,
    Trashed,
)
from postroom.core.events.models import Event
from postroom.lib.addresses import normalize

_STATUS = (Closed.name, MarkedPending.name, MarkedSpam.name, Snoozed.name, Trashed.name)
_MOST = 20


def refuse_stale(
    conversation: Conversation, *, by: User, seen: int | None, state: State | None, to: Sequence[People] = ()
) -> None:
    """Raise ConversationMoved when others changed what this reply answers; call it with the row locked.

    `seen` is the newest message that the writer knew, and `state` what they knew beside it; None compares nothing. `to`
    are the lists of all whom it goes to.
    """
    if changed := changed_since(conversation, by=by, seen=seen, state=state, to=to):
        raise ConversationMoved(changed)


def changed_since(
    conversation: Conversation, *, by: User, seen: int | None, state: State | None, to: Sequence[People] = ()
) -> Changed | None:
    """Return what others said and did since, None for nothing.

    Said: the customer's mails and colleagues' replies, those too that have not left yet. Done: closed or put away,
    given to somebody else, moved to another mailbox, given another customer. One's own doing is no surprise, nor what
    was undone; but what goes `to` the customer of before is never meant, whoever changed that.
    """
    messages = _said(conversation, by=by, seen=seen)
    now = State.of(Conversation.objects.get(pk=conversation.pk))
    events = _done(conversation, by=by, before=state, now=now, to=to) if state else ()
    if not messages and not events:
        return None
    latest = conversation.messages.order_by("-pk").values_list("pk", flat=True).first() or 0
    return Changed(messages=messages, events=events, latest=latest, state=now)


def _said(conversation: Conversation, *, by: User, seen: int | None) -> tuple[Message, ...]:
    if seen is None:
        return ()
    newer = (
        conversation.messages.filter(pk__gt=seen, kind__in=(IN, OUT), side_thread=None)
        .exclude(delivery=CANCELLED)
        .exclude(automatic__in=NOT_THE_CUSTOMER)
        .exclude(author=by)
        .select_related("author")
        .order_by("pk")
    )
    return tuple(newer[:_MOST])


def _done(
    conversation: Conversation, *, by: User, before: State, now: State, to: Sequence[People]
) -> tuple[Event, ...]:
    kinds: list[tuple[str, ...]] = []
    if now.status not in (before.status, OPEN):
        kinds.append(_STATUS)
    if now.owner not in (before.owner, f"p{by.pk}", "n0"):
        kinds.append((Assigned.name,))
    if now.mailbox_id != before.mailbox_id:
        kinds.append((MovedToMailbox.name,))
    if now.contact_id != before.contact_id:
        kinds.append((ContactChanged.name,))
    rows = Event.objects.filter(conversation_id=conversation.pk).order_by("-pk")
    # The last one says who made it what it is; a reply that took the conversation is among the messages.
    last = (rows.filter(kind__in=names).first() for names in kinds)
    return tuple(event for event in last if event and (not _own(event, by) or _misses(event, before, to)))


def _own(event: Event, by: User) -> bool:
    return event.actor_kind == "user" and event.actor_id == by.pk


def _misses(event: Event, before: State, to: Sequence[People]) -> bool:
    """Tell whether this gave the conversation to another customer, and the reply goes to the one before."""
    if event.kind != ContactChanged.name:
        return False
    former = Contact.objects.filter(pk=before.contact_id).values_list("email", flat=True).first()
    return former in {normalize(one["email"]) for people in to for one in people}
