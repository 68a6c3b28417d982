"""Note which messages' words are to be read again. The reading is a round's, so that the log is not kept waiting."""

from django.db import connection

from postroom.core.events.follow import Follower
from postroom.core.events.models import Event
from postroom.lib import clock

# What changes no word, nor who may see one. Whatever is not in this list is read again, which does no harm.
_HARMLESS = (
    "conversation.assigned",
    "conversation.unassigned",
    "conversation.closed",
    "conversation.reopened",
    "conversation.pending",
    "conversation.spam",
    "conversation.not_spam",
    "conversation.tagged",
    "conversation.untagged",
    "conversation.priority",
    "conversation.loop",
    "conversation.glass_broken",
    "conversation.snoozed",
    "conversation.woken",
    "conversation.trashed",
    "conversation.restored",
    "conversation.followed",
    "conversation.unfollowed",
    "draft.",
    "file.",
    "message.offer_",
    "reply.sent",
    "reply.held",
    "reply.deferred",
    "reply.refused",
    "reply.uncertain",
    "reply.retried",
    "reply.settled",
    "reply.bounced",
    "reply.delayed",
    "reply.arrived",
)


def react(event: Event) -> None:
    """Note the message that the event names, or all of the conversation's."""
    if event.kind.startswith(_HARMLESS):
        return
    if event.message_id is not None:
        note("id = %s", event.message_id)
    elif event.conversation_id is not None:
        note("conversation_id = %s", event.conversation_id)


def note(condition: str, *values: int | str) -> None:
    """Note all messages for which the SQL condition holds; one that waits already is noted once more."""
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO postroom_search_stale (message_id, times, at) "  # noqa: S608  (conditions of our own)
            f"SELECT id, 1, %s FROM postroom_conversations_message WHERE {condition} ORDER BY id "
            "ON CONFLICT (message_id) DO UPDATE SET times = postroom_search_stale.times + 1",
            [str(connection.ops.adapt_datetimefield_value(clock.now())), *values],
        )


FOLLOWER = Follower(name="search", react=react)
