"""Conversations that hold what was asked for in several messages together, and in none of them all."""

from collections.abc import Sequence

from postroom.core.accounts.models import User
from postroom.core.conversations.condition.words import Hit, Within
from postroom.core.conversations.models import Message
from postroom.followers.search.asked import Wanted
from postroom.followers.search.sight import seen_among, sight_of
from postroom.followers.search.store import Found, index

# They are looked for where fewer conversations than this have it all in one message: among those of so many newest
# messages with the rarest word, and in so many messages of theirs.
TOO_FEW = 10
_NEWEST, _MESSAGES = 200, 2000


def find(asked: Sequence[Wanted], *, user: User, within: Within | None, below: int | None) -> list[Hit]:
    """Return them with their newest message that has the rarest part, if that is below `below`; newest first."""
    newest: dict[int, int] = {}
    for message_id, conversation_id in _of_the_rarest(asked, scopes=sight_of(user).scopes):
        newest.setdefault(conversation_id, message_id)
    seen = seen_among(newest, user=user, within=within)
    whole, everything = set(), (1 << len(asked)) - 1
    has = dict.fromkeys(seen, 0)
    if seen:
        rows = Message.objects.filter(conversation__in=seen).order_by("-pk").values_list("pk", "conversation_id")
        messages = dict(rows[:_MESSAGES])
        for message_id, what in index().held(list(messages), asked).items():
            has[messages[message_id]] |= what
            if what == everything:
                # Found as a message already.
                whole.add(messages[message_id])
    hits = [Hit(one, newest[one]) for one, what in has.items() if what == everything and one not in whole]
    return sorted((hit for hit in hits if below is None or hit.message_id < below), key=lambda hit: -hit.message_id)


def _of_the_rarest(asked: Sequence[Wanted], *, scopes: Sequence[str]) -> Found:
    """Return the newest messages with the rarest part; where nobody has counted, the one that reaches back farthest."""
    counted = sorted((one for one in asked if one.about is not None), key=lambda one: one.about or 0)
    candidates = [*counted[:1], *(one for one in asked if one.about is None)]
    found = [index().newest([one], scopes=scopes, below=None, most=_NEWEST) for one in candidates]
    return min(found, key=lambda rows: (len(rows), rows[-1][0] if rows else 0))
