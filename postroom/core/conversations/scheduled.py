"""Replies that leave later: which they are."""

from datetime import timedelta

from django.conf import settings
from django.db.models import F, QuerySet

from postroom.core.conversations.models import Message
from postroom.core.conversations.models.message import OUT, QUEUED
from postroom.lib import clock

# What leaves so soon after it was written waits for Undo, and no more.
_MARGIN = timedelta(seconds=30)


def scheduled() -> QuerySet[Message]:
    """Return the replies that somebody meant to leave later, and that have not begun to; the next to leave first."""
    undo = timedelta(seconds=settings.POSTROOM_UNDO_SECONDS) + _MARGIN
    waiting = Message.objects.filter(kind=OUT, delivery=QUEUED, sent_at=None, send_after__gt=clock.now())
    return waiting.filter(send_after__gt=F("created_at") + undo).order_by("send_after", "pk")


def is_scheduled(message: Message) -> bool:
    """Tell of one message in hand what `scheduled` asks of all."""
    undo = timedelta(seconds=settings.POSTROOM_UNDO_SECONDS) + _MARGIN
    waits = message.kind == OUT and message.delivery == QUEUED and message.sent_at is None
    after = message.send_after
    return waits and after is not None and after > clock.now() and after > message.created_at + undo
