"""Which message is next, and whose it is."""

from datetime import timedelta

from django.db import connection, transaction
from django.db.models import Count, F, QuerySet

from postroom.core.conversations.models import Message
from postroom.core.conversations.models.message import DEFERRED, LEASED, QUEUED, SENDING
from postroom.core.outbox.outcomes import Deferred
from postroom.lib import clock
from postroom.lib.killpoint import killpoint
from postroom.lib.prepared import prepared

# Longer than any try can take: a transport ends its talk before DATA, and again after it, in less than this.
LEASE = timedelta(minutes=10)
# So that a mailbox whose server hangs leaves hands free for the others.
AT_ONCE = 2


def due() -> QuerySet[Message]:
    """Return the messages to send now, the longest waiting first; none of a mailbox that is busy enough."""
    now = clock.now()
    waiting = Message.objects.filter(delivery__in=(QUEUED, DEFERRED), send_after__lte=now)
    busy = _busy()
    if busy:
        waiting = waiting.exclude(conversation__mailbox__in=busy)
    return waiting.order_by("send_after", "pk")


def claim() -> Message | None:
    """Take the next message for this worker; None when nothing is due, or another worker was quicker."""
    # Nearly always there is none: SQLite's one write lock is not asked for to find nothing.
    if not _waiting() or not due().exists():
        return None
    with transaction.atomic():
        rows = due()
        if connection.features.has_select_for_update:
            rows = rows.select_for_update(skip_locked=True, of=("self",))
        message = rows.first()
        if message is None:
            return None
        # The condition is repeated: of two workers that saw the same row, one gets it.
        claimed = Message.objects.filter(pk=message.pk, delivery=message.delivery).update(
            delivery=LEASED, leased_until=clock.now() + LEASE, attempts=F("attempts") + 1
        )
    if not claimed:
        return None
    return Message.objects.select_related("conversation__mailbox", "author").get(pk=message.pk)


def begin(message: Message) -> None:
    """Note, durably, that from now on the server may have the mail; Deferred when it is no longer ours to send.

    The lease begins anew: a large mail on a slow line must not be taken for a dead worker's.
    """
    until = clock.now() + LEASE
    ours = Message.objects.filter(pk=message.pk, delivery=LEASED, leased_until=message.leased_until)
    if not ours.update(delivery=SENDING, leased_until=until):
        raise Deferred("Another worker took this message over.")
    message.delivery, message.leased_until = SENDING, until
    killpoint("before_data")


def free(message: Message) -> None:
    """Give a message back that a dead worker had only claimed."""
    held = Message.objects.filter(pk=message.pk, delivery=LEASED, leased_until=message.leased_until)
    held.update(delivery=QUEUED, leased_until=None)


def lost() -> list[Message]:
    """Return what dead workers held, some at a time."""
    if not _run_out():
        return []
    held = Message.objects.filter(delivery__in=(LEASED, SENDING), leased_until__lt=clock.now())
    # In the order of their index: SQLite would walk all messages to give them in another.
    return list(held.select_related("conversation").order_by("leased_until")[:100])


def end_leases() -> int:
    """Let every lease run out now. Only right where no other worker can be: on SQLite, when the worker starts."""
    held = Message.objects.filter(delivery__in=(LEASED, SENDING), leased_until__isnull=False)
    return held.update(leased_until=clock.now())


# Asked by every hand at every commit.
@prepared
def _waiting() -> "QuerySet[Message, tuple[int]]":
    rows = Message.objects.filter(delivery__in=(QUEUED, DEFERRED), send_after__lte=clock.now())
    return rows.order_by("send_after").values_list("pk")[:1]


@prepared
def _run_out() -> "QuerySet[Message, tuple[int]]":
    rows = Message.objects.filter(delivery__in=(LEASED, SENDING), leased_until__lt=clock.now())
    return rows.order_by("leased_until").values_list("pk")[:1]


def _busy() -> list[int]:
    """Return the mailboxes for which as many messages are under way as may be. Few rows have a lease."""
    under_way = Message.objects.filter(leased_until__gt=clock.now()).order_by()
    counted = under_way.values("conversation__mailbox").annotate(count=Count("pk"))
    return [row["conversation__mailbox"] for row in counted if row["count"] >= AT_ONCE]
