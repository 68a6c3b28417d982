from django.db import transaction

from postroom.core.conversations.actions.hold_back import overtake_merged
from postroom.core.conversations.actions.merge import merge
from postroom.core.conversations.actions.moving import (
    Beside,
    MovedSince,
    OtherMailbox,
    SameConversation,
    held,
    move,
    name_of,
    target_of,
    wake,
)
from postroom.core.conversations.actions.recount import recount
from postroom.core.conversations.actions.sensitive import carry_names
from postroom.core.conversations.allowed import must_answer
from postroom.core.conversations.evidence import BY_HAND
from postroom.core.conversations.models import MERGED, Conversation, Message
from postroom.core.conversations.models.message import CANCELLED
from postroom.core.events.actor import Actor
from postroom.core.events.kinds import BegunByHand, MessageJoined, MessageLeft
from postroom.core.events.models import Event
from postroom.core.events.record import record

BROUGHT = (BegunByHand.name, MessageJoined.name)


def join(message: Message, *, into: Conversation, by: Actor) -> Conversation:
    """Move one message into another conversation of its mailbox and return that; MoveRefused when it cannot be.

    A conversation that would be empty without it goes there as a whole. Its opposite is `move_back`, or `unmerge`.
    """
    must_answer(message.conversation.mailbox_id, by=by)
    with transaction.atomic():
        source, target = _both(message, into)
        if not _others(message):
            return merge(source, into=target, by=by)
        if message.side_thread_id is not None:
            raise Beside
        carry_names(source, into=target, whole=False)
        was = (message.joined_by, message.joined_detail)
        _move(message, source, target)
        _evidence(message, by=BY_HAND, detail=name_of(by))
        wake(target, source_status=source.status)
        recount(source)
        recount(target)
        overtake_merged(target, by=by)
        place = {"mailbox_id": target.mailbox_id, "message_id": message.pk}
        record(MessageLeft(to=target.pk), by=by, conversation_id=source.pk, **place)
        record(MessageJoined(origin=source.pk, was=was), by=by, conversation_id=target.pk, **place)
    return target


def move_back(message: Message, *, by: Actor) -> Conversation:
    """Undo the last `join` or `take_out` of this message and return where it is again; MovedSince when that is over."""
    must_answer(message.conversation.mailbox_id, by=by)
    with transaction.atomic():
        # Its conversation may be another one than the caller has read.
        here = Message.objects.values_list("conversation_id", flat=True).get(pk=message.pk)
        events = Event.objects.filter(conversation_id=here, message_id=message.pk, kind__in=BROUGHT)
        brought = events.order_by("-pk").first()
        origin = Conversation.objects.filter(pk=brought.data["origin"]).first() if brought else None
        if brought is None or origin is None or brought.data.get("back"):
            raise MovedSince
        source, target = _both(message, origin)
        carry_names(source, into=target, whole=False)
        _move(message, source, target)
        by_code, detail = brought.data["was"]
        _evidence(message, by=by_code, detail=detail)
        if not Message.objects.filter(conversation=source).exclude(delivery=CANCELLED).exists():
            _empty(source, target)
        recount(source)
        recount(target)
        place = {"mailbox_id": target.mailbox_id, "message_id": message.pk}
        record(MessageLeft(to=target.pk), by=by, conversation_id=source.pk, **place)
        record(MessageJoined(origin=source.pk, back=True), by=by, conversation_id=target.pk, **place)
    return target


def _both(message: Message, into: Conversation) -> tuple[Conversation, Conversation]:
    """Hold where the message is and where it goes; the message's own row is read anew."""
    number = target_of(into)
    here = Message.objects.values_list("conversation_id", flat=True).get(pk=message.pk)
    rows = held(here, number)
    if here == number:
        raise SameConversation(number)
    # Between reading and holding, another may have moved it.
    if Message.objects.filter(pk=message.pk, conversation_id=here).count() != 1 or rows[number].status == MERGED:
        raise MovedSince
    if rows[here].mailbox_id != rows[number].mailbox_id:
        raise OtherMailbox
    return rows[here], rows[number]


def _others(message: Message) -> bool:
    others = Message.objects.filter(conversation_id=message.conversation_id).exclude(pk=message.pk)
    return others.exclude(delivery=CANCELLED).exists()


def _move(message: Message, source: Conversation, target: Conversation) -> None:
    del source
    move([message.pk], into=target)
    message.conversation = target


def _evidence(message: Message, *, by: str, detail: str) -> None:
    message.joined_by, message.joined_detail = by, detail[:300]
    message.offered_id, message.offered_by = None, ""
    message.save(update_fields=["joined_by", "joined_detail", "offered_id", "offered_by"])


def _empty(source: Conversation, target: Conversation) -> None:
    source.status, source.merged_into = MERGED, target
    Conversation.objects.filter(pk=source.pk).update(status=MERGED, merged_into=target)
