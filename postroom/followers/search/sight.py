"""What somebody may see, asked in two ways: a quick one of the index, and the rule itself for every hit."""

from collections.abc import Collection

from django.db.models import Q

from postroom.core.accounts.models import Membership, User
from postroom.core.conversations.models import Conversation
from postroom.followers.search import marks
from postroom.followers.search.vocabulary import scopes

# Whoever sees more than this share of all messages is asked about each hit: quicker than to name their mailboxes.
_MOST_OF_IT = 0.2


def seen_among(conversation_ids: Collection[int], *, user: User, within: Q | None) -> set[int]:
    """Return which of these conversations this person sees and the further condition holds for."""
    rows = Conversation.objects.visible_to(user).filter(pk__in=conversation_ids)
    return set((rows.filter(within) if within is not None else rows).values_list("pk", flat=True))


def scopes_of(user: User) -> tuple[str, ...]:
    """Return the marks of what this person may see at most; nothing where that would be most of everything."""
    numbers = Membership.objects.filter(user=user).values_list("mailbox_id", flat=True)
    own = (*sorted(map(marks.of_mailbox, numbers)), marks.SENSITIVE)
    counted = scopes()
    everything = sum(counted.values())
    if not everything or sum(counted.get(one, 0) for one in own) > everything * _MOST_OF_IT:
        return ()
    return own
