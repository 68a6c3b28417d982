"""Replies that have not left and will not leave by themselves, or have tried for long; by mailbox."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import connection

from postroom.core.conversations.models import Conversation, Message

# Greylisting and full mailboxes are over by then.
PATIENCE = timedelta(hours=4)
# What nobody has looked at for this long is no alarm any more; it still stands in its conversation.
_FORGOTTEN = timedelta(days=30)

# The words stand in the statements because SQLite matches a partial index by the statement's text.
_STUCK = f"""
    SELECT c.mailbox_id, m.delivery, COUNT(*), MIN(m.id)
    FROM {Message._meta.db_table} m JOIN {Conversation._meta.db_table} c ON c.id = m.conversation_id
    WHERE m.delivery IN ('refused', 'uncertain') AND m.created_at > %s
    GROUP BY c.mailbox_id, m.delivery
    UNION ALL
    SELECT c.mailbox_id, m.delivery, COUNT(*), MIN(m.id)
    FROM {Message._meta.db_table} m JOIN {Conversation._meta.db_table} c ON c.id = m.conversation_id
    WHERE m.delivery = 'deferred' AND m.send_after IS NOT NULL AND m.created_at < %s
    GROUP BY c.mailbox_id, m.delivery
"""  # noqa: S608, SLF001  (only our own names are in the text)


@dataclass(frozen=True)
class Stuck:
    """How many replies of a mailbox stand in one state, and since when the oldest does."""

    mailbox_id: int
    delivery: str
    n: int
    since: datetime


def stuck(*, now: datetime) -> list[Stuck]:
    """Return what is stuck in every mailbox: one query in small partial indexes."""
    before, after = (connection.ops.adapt_datetimefield_value(one) for one in (now - PATIENCE, now - _FORGOTTEN))
    with connection.cursor() as cursor:
        cursor.execute(_STUCK, [after, before])
        rows = cursor.fetchall()
    oldest = dict(Message.objects.filter(pk__in=[row[3] for row in rows]).values_list("pk", "created_at"))
    return [Stuck(mailbox_id, delivery, n, oldest.get(first, now)) for mailbox_id, delivery, n, first in rows]
