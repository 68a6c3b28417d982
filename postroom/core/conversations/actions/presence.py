from datetime import timedelta

from postroom.core.accounts.models import User
from postroom.core.conversations.models import Conversation, Presence
from postroom.core.conversations.models.presence import VIEWING, WRITING
from postroom.core.conversations.presence import HEARD_WITHIN
from postroom.lib import clock

# The same word from the same tab is written down again after so long, and not before.
_FRESH = timedelta(seconds=18)


def be_here(conversation: Conversation, *, by: User, tab: str, writing: bool) -> bool:
    """Say that this tab of a browser shows the conversation. False when that was known, and nothing was written."""
    now, state = clock.now(), WRITING if writing else VIEWING
    known = Presence.objects.filter(user=by, tab=tab).values_list("conversation_id", "state", "at").first()
    if known and known[:2] == (conversation.pk, state) and now - known[2] < _FRESH:
        return False
    if known is None:
        # Tabs that were closed without a word.
        Presence.objects.filter(user=by, at__lt=now - HEARD_WITHIN).delete()
    Presence.objects.bulk_create(
        [Presence(user=by, tab=tab, conversation=conversation, state=state, at=now)],
        update_conflicts=True,
        unique_fields=["user", "tab"],
        update_fields=["conversation", "state", "at"],
    )
    return True


def leave(*, by: User, tab: str) -> bool:
    """Say that this tab shows no conversation any more. False when it did not before."""
    return bool(Presence.objects.filter(user=by, tab=tab).delete()[0])
