"""Who has a conversation open at this moment. No event tells it: what was true for a minute is nobody's history."""

from collections import defaultdict
from datetime import datetime, timedelta

from postroom.core.conversations.models import Presence
from postroom.core.conversations.models.presence import WRITING

# A page says every twenty seconds that it is there. One of these may get lost, and a page that went to sleep is gone
# within a minute.
HEARD_WITHIN = timedelta(seconds=50)

# For each conversation who has it open, and whether they are writing.
Present = dict[int, dict[int, bool]]


def present(*, now: datetime) -> Present:
    """Return who has which conversation open, whoever may see it: the caller asks that. One small query."""
    heard = Presence.objects.filter(at__gt=now - HEARD_WITHIN, user__is_active=True)
    found: Present = defaultdict(dict)
    for conversation_id, user_id, state in heard.values_list("conversation_id", "user_id", "state"):
        # In one of their tabs they may write, and only look in another.
        found[conversation_id][user_id] = found[conversation_id].get(user_id, False) or state == WRITING
    return dict(found)
