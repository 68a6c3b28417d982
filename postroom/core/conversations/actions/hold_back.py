"""Replies that must not leave any more: the customer was quicker, or the conversation was thrown away.

Each is one conditional update, so that of this and the worker that sends one comes first, and the other sees it: a
reply is cancelled or sent, never both. What is cancelled is kept whole; its line in the conversation gives it back.
"""

from collections.abc import Iterable

from postroom.core.conversations.actions.unsend import untouch
from postroom.core.conversations.models import Conversation, Message
from postroom.core.conversations.models.message import CANCELLED, DEFERRED, LEASED, OUT, QUEUED
from postroom.core.conversations.scheduled import scheduled
from postroom.core.events.actor import Actor
from postroom.core.events.kinds import Kind, ReplyHeldBack, ReplyOvertaken, ReplyPutBack
from postroom.core.events.models import Event
from postroom.core.events.record import record
from postroom.lib import clock
from postroom.lib.statements import run

# A worker that only holds it asks once more before the server is told a word of it (outbox.claiming.begin).
_NOT_GONE = (QUEUED, DEFERRED, LEASED)

# Written out, since every answer asks it.
_OVERTAKEN = f"""
    SELECT id FROM {Message._meta.db_table} WHERE conversation_id = %s AND kind = %s AND cancel_if_answered
    AND delivery IN (%s, %s, %s) AND sent_at IS NULL AND COALESCE(side_thread_id, 0) = %s ORDER BY id
"""  # noqa: S608, SLF001  (names of our own)


def overtake(conversation: Conversation, *, by: Actor, side: int | None = None) -> int:
    """Cancel what was to be cancelled when they answer; return how many. With the row locked.

    They are the customer, or with `side` the third party of that side thread.
    """
    waiting = [row[0] for row in run(_OVERTAKEN, [conversation.pk, OUT, *_NOT_GONE, side or 0])]
    return _cancel(conversation, waiting, kind=ReplyOvertaken(), by=by)


def overtake_merged(conversation: Conversation, *, by: Actor) -> int:
    """As `overtake`, for a conversation that was given messages: only what is older than a customer's mail in it."""
    waiting = conversation.messages.filter(
        kind=OUT, cancel_if_answered=True, delivery__in=_NOT_GONE, sent_at=None, side_thread=None
    )
    said = conversation.messages.filter(kind="in", automatic="", side_thread=None).order_by("-pk")
    newest = said.values_list("pk", flat=True).first() or 0
    overtaken = list(waiting.filter(pk__lt=newest).values_list("pk", flat=True))
    return _cancel(conversation, overtaken, kind=ReplyOvertaken(), by=by)


def hold_back(conversation: Conversation, *, why: str, by: Actor) -> int:
    """Cancel the scheduled replies of a conversation that is thrown away (`why`: trash or spam); return how many."""
    waiting = list(scheduled().filter(conversation=conversation).values_list("pk", flat=True))
    return _cancel(conversation, waiting, kind=ReplyHeldBack(why=why), by=by)


def put_back(conversation: Conversation, *, why: str, by: Actor) -> int:
    """Undo the last `hold_back`, as far as there is still time; return how many leave after all."""
    events = Event.objects.filter(conversation_id=conversation.pk, kind=ReplyHeldBack.name).order_by("-pk")
    held = {event.message_id for event in events[:100] if event.data.get("why") == why and event.message_id}
    waiting = conversation.messages.filter(pk__in=held, delivery=CANCELLED, send_after__gt=clock.now())
    back = [pk for pk in waiting.order_by("pk").values_list("pk", flat=True) if _change(pk, (CANCELLED,), to=QUEUED)]
    return _told(conversation, back, kind=ReplyPutBack(), by=by)


def _cancel(conversation: Conversation, messages: Iterable[int], *, kind: Kind, by: Actor) -> int:
    gone = [pk for pk in messages if _change(pk, _NOT_GONE, to=CANCELLED)]
    return _told(conversation, gone, kind=kind, by=by)


def _change(message_id: int, was: tuple[str, ...], *, to: str) -> bool:
    rows = Message.objects.filter(pk=message_id, delivery__in=was, sent_at=None)
    return bool(rows.update(delivery=to, leased_until=None))


def _told(conversation: Conversation, messages: list[int], *, kind: Kind, by: Actor) -> int:
    if messages:
        untouch(conversation)
    for message_id in messages:
        record(
            kind,
            by=by,
            mailbox_id=conversation.mailbox_id,
            conversation_id=conversation.pk,
            message_id=message_id,
        )
    return len(messages)
