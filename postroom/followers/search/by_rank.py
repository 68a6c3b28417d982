"""Hits with the best first: of the newest thousand, since to weigh a million would take seconds."""

from collections.abc import Sequence

from django.db.models import Q

from postroom.core.accounts.models import User
from postroom.core.conversations.condition.words import Hit, Hits
from postroom.followers.search import by_date
from postroom.followers.search.asked import Wanted
from postroom.followers.search.sight import scopes_of, seen_among
from postroom.followers.search.store import index

_POOL = 1000
_MOST_LOOKED_AT = 10_000
# How much more a hit is worth for being the newest of the pool.
_FRESH = 0.2


def find(asked: Sequence[Wanted], *, user: User, within: Q | None, before: str, limit: int) -> Hits:
    """Return conversations, each with its message that fits best."""
    skipped = int(before) if before.isascii() and before.isdigit() and len(before) < 7 else 0
    pool, many = _pool(asked, user=user, within=within)
    best: dict[int, int] = {}
    for message_id in _weighed(pool, asked):
        best.setdefault(pool[message_id], message_id)
    if not many and len(asked) > 1:
        # Few as they are, those that hold it in several messages together are worth showing after them.
        for hit in by_date.find(asked, user=user, within=within, before="", limit=limit).found:
            best.setdefault(hit.conversation_id, hit.message_id)
    hits = [Hit(conversation_id, message_id) for conversation_id, message_id in best.items()]
    end = skipped + limit
    return Hits(tuple(hits[skipped:end]), next=str(end) if len(hits) > end else "", many=many)


def _pool(asked: Sequence[Wanted], *, user: User, within: Q | None) -> tuple[dict[int, int], bool]:
    """Return the newest messages that count, with their conversations, and whether there are more."""
    scopes = scopes_of(user)
    pool: dict[int, int] = {}
    below: int | None = None
    looked_at = 0
    while looked_at < _MOST_LOOKED_AT:
        rows = index().newest(asked, scopes=scopes, below=below, most=_POOL)
        seen = seen_among({conversation_id for _message_id, conversation_id in rows}, user=user, within=within)
        pool |= {message_id: conversation_id for message_id, conversation_id in rows if conversation_id in seen}
        looked_at += len(rows)
        if len(rows) < _POOL:
            return pool, len(pool) > _POOL
        if len(pool) >= _POOL:
            break
        below = rows[-1][0]
    return dict(list(pool.items())[:_POOL]), True


def _weighed(pool: dict[int, int], asked: Sequence[Wanted]) -> list[int]:
    """Return the messages of the pool, which is newest first, in the order of their worth."""
    scores = index().scores(list(pool), asked)
    worth = {
        message_id: scores.get(message_id, 0.0) * (1 + _FRESH * (1 - place / len(pool)))
        for place, message_id in enumerate(pool)
    }
    return sorted(pool, key=lambda message_id: -worth[message_id])
