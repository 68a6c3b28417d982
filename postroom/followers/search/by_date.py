"""Hits with the newest message first."""

from collections.abc import Sequence

from django.db.models import Q

from postroom.core.accounts.models import User
from postroom.core.conversations.condition.words import Hit, Hits
from postroom.core.conversations.models import Conversation, Message
from postroom.followers.search.asked import Wanted
from postroom.followers.search.sight import scopes_of, seen_among
from postroom.followers.search.store import index

_FIRST_BATCH, _LARGEST_BATCH = 200, 4000
# After so many hits that do not count, those that would are looked at the other way round …
_PATIENCE = 10_000
# … if they are no more than these; else the search goes on to its end.
_FEW_CONVERSATIONS, _MOST_MESSAGES = 3000, 20_000
_END = 200_000
# Where fewer conversations than this have it all in one message, so many messages with the rarest word are looked at
# for conversations that have the other words elsewhere.
_TOO_FEW, _ACROSS = 10, 200
_ACROSS_MARK = "c"


def find(asked: Sequence[Wanted], *, user: User, within: Q | None, before: str, limit: int) -> Hits:
    """Return conversations, each with its newest message that holds all of it.

    Where there are only a few of those, conversations join them that hold it in several messages together.
    """
    across = before.startswith(_ACROSS_MARK)
    number = before.removeprefix(_ACROSS_MARK)
    below = int(number) if number.isascii() and number.isdigit() and len(number) < 19 else None
    found = _in_one(asked, user=user, within=within, below=None if across else below, limit=limit + 1)
    if len(asked) > 1 and (across or below is None) and len(found) < min(limit, _TOO_FEW):
        found = _in_several(asked, user=user, within=within, beside=found)
        across = True
        if below is not None:
            found = [hit for hit in found if hit.message_id < below]
    after = found[limit - 1].message_id if len(found) > limit else None
    return Hits(tuple(found[:limit]), next="" if after is None else f"{_ACROSS_MARK if across else ''}{after}")


def _in_one(asked: Sequence[Wanted], *, user: User, within: Q | None, below: int | None, limit: int) -> list[Hit]:
    scopes = scopes_of(user)
    known: set[int] = set()
    found: list[Hit] = []
    first, batch, looked_at = below, _FIRST_BATCH, 0
    while len(found) < limit and looked_at < _END:
        rows = index().newest(asked, scopes=scopes, below=below, most=batch)
        new: dict[int, int] = {}
        for message_id, conversation_id in rows:
            if conversation_id not in known:
                new.setdefault(conversation_id, message_id)
        known |= new.keys()
        seen = seen_among(new, user=user, within=within)
        if first is not None:
            seen -= _shown_before(seen, asked, first=first)
        found += [
            Hit(conversation_id, message_id) for conversation_id, message_id in new.items() if conversation_id in seen
        ]
        if len(rows) < batch:
            break
        below, looked_at, batch = rows[-1][0], looked_at + len(rows), min(batch * 3, _LARGEST_BATCH)
        if within is not None and looked_at >= _PATIENCE > looked_at - len(rows):
            others = _the_other_way(asked, user=user, within=within, below=first)
            if others is not None:
                return others[:limit]
    return found[:limit]


def _shown_before(conversation_ids: set[int], asked: Sequence[Wanted], *, first: int) -> set[int]:
    """Return which of them have a newer hit: that was on a page before this one."""
    rows = dict(
        Message.objects.filter(conversation__in=conversation_ids, pk__gte=first).values_list("pk", "conversation_id")
    )
    return {rows[number] for number in index().among(list(rows), asked)}


def _the_other_way(asked: Sequence[Wanted], *, user: User, within: Q, below: int | None) -> list[Hit] | None:
    """Look through the conversations for which the condition holds; None when they are too many."""
    rows = Conversation.objects.visible_to(user).filter(within).values_list("pk", flat=True)
    conversations = list(rows[: _FEW_CONVERSATIONS + 1])
    if len(conversations) > _FEW_CONVERSATIONS:
        return None
    messages = dict(
        Message.objects.filter(conversation__in=conversations).values_list("pk", "conversation_id")[:_MOST_MESSAGES]
    )
    if len(messages) == _MOST_MESSAGES:
        return None
    newest: dict[int, int] = {}
    for number in sorted(index().among(list(messages), asked), reverse=True):
        newest.setdefault(messages[number], number)
    hits = [Hit(conversation_id, message_id) for conversation_id, message_id in newest.items()]
    return [hit for hit in hits if below is None or hit.message_id < below]


def _in_several(asked: Sequence[Wanted], *, user: User, within: Q | None, beside: Sequence[Hit]) -> list[Hit]:
    """Return these hits and, in their places, the conversations whose messages hold it only together."""
    scopes = scopes_of(user)
    parts = [(one, index().newest([one], scopes=scopes, below=None, most=_ACROSS)) for one in asked]
    # Of common ones, that whose newest reach back farthest.
    rarest, rows = min(parts, key=lambda part: (len(part[1]), part[1][-1][0] if part[1] else 0))
    newest: dict[int, int] = {}
    for message_id, conversation_id in rows:
        newest.setdefault(conversation_id, message_id)
    for hit in beside:
        newest.pop(hit.conversation_id, None)
    left = seen_among(newest, user=user, within=within)
    for one in asked:
        if left and one is not rarest:
            messages = dict(Message.objects.filter(conversation__in=left).values_list("pk", "conversation_id"))
            left = {messages[number] for number in index().among(list(messages), [one])}
    hits = [*beside, *(Hit(number, newest[number]) for number in left)]
    return sorted(hits, key=lambda hit: -hit.message_id)
