"""Hits with the best first: of the newest some hundred, since to weigh a million would take seconds; then by date."""

from collections.abc import Sequence
from dataclasses import dataclass

from postroom.core.accounts.models import User
from postroom.core.conversations.condition.words import Hit, Hits, Within
from postroom.followers.search import by_date, together
from postroom.followers.search.asked import Wanted
from postroom.followers.search.sight import seen_among, sight_of
from postroom.followers.search.store import index

POOL = 300
# For the few that are missing the index is not asked once more.
_ENOUGH = 150
_SPARE, _LARGEST_BATCH = 50, 1500
_MOST_LOOKED_AT = 5000
# How much more a hit is worth for being the newest of the pool.
_FRESH = 0.2
# After those of the pool.
_OLDER = "o"


@dataclass(frozen=True)
class _Pool:
    """The newest messages that count, with their conversations; below which message there may be more, or None."""

    messages: dict[int, int]
    rest: int | None


def find(asked: Sequence[Wanted], *, user: User, within: Within | None, before: str, limit: int) -> Hits:
    """Return conversations, each with its message that fits best; those that were not weighed follow by date."""
    if before.startswith(_OLDER):
        hits = by_date.find(asked, user=user, within=within, before=before.removeprefix(_OLDER), limit=limit)
        return Hits(hits.found, next=f"{_OLDER}{hits.next}" if hits.next else "")
    skipped = int(before) if before.isascii() and before.isdigit() and len(before) < 7 else 0
    pool = _pool(asked, user=user, within=within, limit=limit)
    best: dict[int, int] = {}
    for message_id in _weighed(pool.messages, asked):
        best.setdefault(pool.messages[message_id], message_id)
    if pool.rest is None and len(asked) > 1 and len(best) < together.TOO_FEW:
        for hit in together.find(asked, user=user, within=within, below=None):
            best.setdefault(hit.conversation_id, hit.message_id)
    ranked = [Hit(conversation_id, message_id) for conversation_id, message_id in best.items()]
    end = skipped + limit
    many = pool.rest is not None and len(ranked) >= limit
    if len(ranked) > end:
        return Hits(tuple(ranked[skipped:end]), next=str(end), many=many)
    older = "" if pool.rest is None else f"{_OLDER}{by_date.Place(pool.rest, len(ranked))}"
    return Hits(tuple(ranked[skipped:end]), next=older, many=many)


def _pool(asked: Sequence[Wanted], *, user: User, within: Within | None, limit: int) -> _Pool:
    sight = sight_of(user)
    batch = min(int(POOL / max(sight.share, 0.1)) + _SPARE, _LARGEST_BATCH)
    pool: dict[int, int] = {}
    below: int | None = None
    floor = index().floor(asked, below=None, limit=limit)
    looked_at = 0
    while looked_at < _MOST_LOOKED_AT and len(pool) < _ENOUGH:
        rows = index().newest(asked, scopes=sight.scopes, below=below, above=floor, most=batch)
        seen = seen_among({conversation_id for _message_id, conversation_id in rows}, user=user, within=within)
        pool |= {message_id: conversation_id for message_id, conversation_id in rows if conversation_id in seen}
        looked_at += len(rows)
        below = rows[-1][0] if rows else floor
        if len(rows) < batch:
            below = floor or None
            break
    if len(pool) <= POOL:
        return _Pool(pool, below)
    kept = dict(list(pool.items())[:POOL])
    return _Pool(kept, min(kept))


def _weighed(pool: dict[int, int], asked: Sequence[Wanted]) -> list[int]:
    """Return the messages of the pool, which is newest first, in the order of their worth."""
    scores = index().scores(list(pool), asked)
    worth = {
        message_id: scores.get(message_id, 0.0) * (1 + _FRESH * (1 - place / len(pool)))
        for place, message_id in enumerate(pool)
    }
    return sorted(pool, key=lambda message_id: -worth[message_id])
