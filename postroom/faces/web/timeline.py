"""What a conversation's page shows, in order: messages, and a quiet line for every event."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from django.utils.translation import gettext as _

from postroom.core.accounts.models import User
from postroom.core.conversations.actions.send_again import WITHOUT_IT
from postroom.core.conversations.models import PRIORITIES, Contact, Conversation, Message
from postroom.core.conversations.naming import seen_now
from postroom.core.conversations.timeline import all_events, events_of, messages_of, newest_messages
from postroom.core.events.kinds import KINDS
from postroom.core.events.models import Event
from postroom.core.outbox.settling import SEEN
from postroom.faces.web.time_lines import KEPT_FROM_LEAVING, not_sent, snoozed_sentence, stands_at
from postroom.faces.web.words import PRIORITY_WORDS

# The fields of events that number another conversation.
_OTHERS = ("to", "origin", "from_id")
# The newest so many are on the page; the others are one click away.
MOST = 60


@dataclass(frozen=True)
class Line:
    """One event: who, what (a sentence after the name), when."""

    id: int
    who: str
    what: str
    at: datetime
    kind: str
    # A reply that was kept from leaving: its words are still to be had.
    message: Message | None = None


@dataclass(frozen=True)
class Entry:
    """A message or an event's line; `folded` messages are one line until they are clicked."""

    at: datetime
    message: Message | None = None
    line: Line | None = None
    folded: bool = False
    first_unread: bool = False


@dataclass(frozen=True)
class Timeline:
    """What is shown, whether older messages are left out, and up to where it goes."""

    entries: tuple[Entry, ...]
    earlier: int
    last_message: int
    last_event: int


def timeline(conversation: Conversation, *, reader: User, read_to: int, whole: bool = False) -> Timeline:
    """Read the newest messages (all of them when `whole`) and the events since the oldest of those."""
    messages = list(messages_of(conversation)) if whole else newest_messages(conversation, most=MOST + 1)
    earlier = messages_of(conversation).count() - MOST if len(messages) > MOST and not whole else 0
    messages = messages[-MOST:] if earlier else messages
    events = (
        list(events_of(conversation).filter(at__gte=messages[0].created_at)) if earlier else all_events(conversation)
    )
    return _merged(messages, events, reader=reader, read_to=read_to, earlier=earlier)


def newer(conversation: Conversation, *, reader: User, after: int, since: int, read_to: int) -> Timeline:
    """Read what came after a message and an event, for a page that is open."""
    messages = list(messages_of(conversation).filter(pk__gt=after)[:MOST])
    events = list(events_of(conversation).filter(pk__gt=since)[:MOST])
    found = _merged(messages, events, reader=reader, read_to=read_to, earlier=0)
    entries = tuple(Entry(entry.at, entry.message, entry.line) for entry in found.entries)
    return Timeline(entries, 0, found.last_message or after, found.last_event or since)


def _merged(messages: list[Message], events: list[Event], *, reader: User, read_to: int, earlier: int) -> Timeline:
    open_ones = _unfolded(messages, read_to=read_to)
    first_unread = next((m.pk for m in messages if m.pk > read_to), None) if read_to else None
    said = [
        Entry(stands_at(m), message=m, folded=m.pk not in open_ones, first_unread=m.pk == first_unread)
        for m in messages
    ]
    happened = [Entry(line.at, line=line) for line in lines(events, reader=reader)]
    return Timeline(
        entries=tuple(sorted([*said, *happened], key=lambda entry: entry.at)),
        earlier=earlier,
        last_message=messages[-1].pk if messages else 0,
        last_event=events[-1].pk if events else 0,
    )


def _unfolded(messages: list[Message], *, read_to: int) -> set[int]:
    """The last two, the customer's last, all that is new, and what waits for a person's decision."""
    shown = {m.pk for m in messages[-2:]} | {m.pk for m in messages if m.pk > read_to and read_to}
    shown |= {m.pk for m in messages if m.delivery and m.delivery != "sent"}
    shown |= {m.pk for m in messages if any(row.state in WITHOUT_IT for row in m.deliveries.all())}
    return shown | {m.pk for m in [m for m in messages if m.kind == "in" and m.side_thread_id is None][-1:]}


def lines(events: Iterable[Event], *, reader: User) -> list[Line]:
    """Return the events as sentences with the names of those who did them.

    Another conversation that the reader may not see has no number in them.
    """
    events = list(events)
    others = {event.data[name] for event in events for name in _OTHERS if isinstance(event.data.get(name), int)}
    seen = seen_now(reader, others) if others else set()
    users = dict(User.objects.filter(pk__in=_ids(events, "user")).values_list("pk", "name")) if events else {}
    contacts = (
        {c.pk: str(c) for c in Contact.objects.filter(pk__in=_ids(events, "contact"))}
        if _ids(events, "contact")
        else {}
    )
    names = {"user": users, "contact": contacts}
    kept = not_sent(events)
    return [
        Line(
            id=event.pk,
            who=names.get(event.actor_kind, {}).get(event.actor_id or 0) or _who_else(event),
            what=_sentence(event, seen=seen),
            at=event.at,
            kind=event.kind,
            message=kept.get(event.message_id or 0) if event.kind in KEPT_FROM_LEAVING else None,
        )
        for event in events
    ]


def _ids(events: list[Event], kind: str) -> set[int]:
    return {event.actor_id for event in events if event.actor_kind == kind and event.actor_id}


def _who_else(event: Event) -> str:
    return "Postroom" if event.actor_kind in ("system", "directory") else _("Somebody who has left")


def _sentence(event: Event, *, seen: set[int]) -> str:
    if event.kind == "conversation.priority" and event.data.get("new") in PRIORITIES:
        return _("set the priority to %(priority)s") % {"priority": PRIORITY_WORDS[event.data["new"]].lower()}
    if event.kind == "conversation.assigned" and event.data.get("user_id") == event.actor_id:
        return _("took this conversation")
    if event.kind == "conversation.snoozed":
        return snoozed_sentence(event.data)
    if event.kind == "reply.settled" and event.data.get("how") in SEEN:
        return str(SEEN[event.data["how"]])
    kind = KINDS.get(event.kind)
    # An older or newer version's event: its name is better than nothing.
    unseen = {name: "…" for name in _OTHERS if isinstance(event.data.get(name), int) and event.data[name] not in seen}
    return str(kind.sentence) % {**event.data, **unseen} if kind else event.kind
