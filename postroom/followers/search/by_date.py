"""Hits with the newest message first."""

from collections.abc import Sequence
from dataclasses import dataclass

from postroom.core.accounts.models import User
from postroom.core.conversations.condition.words import Hit, Hits, Within
from postroom.core.conversations.models import Conversation, Message
from postroom.followers.search import together
from postroom.followers.search.asked import Wanted
from postroom.followers.search.sight import seen_among, sight_of
from postroom.followers.search.store import index
from postroom.followers.search.together import TOO_FEW

_FIRST_BATCH, _LARGEST_BATCH = 40, 4000
# A page ends after so many hits that do not count, and the next goes on there; for more rows than an ordinary page has,
# after as many more …
_MOST_LOOKED_AT, _ORDINARY = 5000, 50
# … unless those that would count are no more than these, and are looked at the other way round.
_FEW_CONVERSATIONS, _MOST_MESSAGES = 1000, 5000
_ACROSS = "c"


@dataclass(frozen=True)
class Place:
    """Where a page goes on: below a message, after so many hits (or TOO_FEW); `across`: among those of together.py."""

    below: int | None = None
    shown: int = 0
    across: bool = False

    def __str__(self) -> str:
        return f"{_ACROSS if self.across else ''}{self.below}.{min(self.shown, TOO_FEW)}"

    @classmethod
    def read(cls, text: str) -> "Place":
        """Read what `str()` wrote; anything else is the beginning."""
        number, _dot, shown = text.removeprefix(_ACROSS).partition(".")
        if not all(one.isascii() and one.isdigit() and len(one) < 19 for one in (number, shown)):
            return cls()
        return cls(int(number), int(shown), across=text.startswith(_ACROSS))


def find(asked: Sequence[Wanted], *, user: User, within: Within | None, before: str, limit: int) -> Hits:
    """Return conversations, each with its newest message that holds all of it.

    Where there are only a few of those, conversations follow that hold it in several messages together. A page may be
    short, and still have a next.
    """
    place = Place.read(before)
    found: list[Hit] = []
    if not place.across:
        found, rest = _walk(asked, user=user, within=within, below=place.below, limit=limit)
        shown = place.shown + len(found)
        if rest is not None:
            return Hits(tuple(found), next=str(Place(rest, shown)))
        if len(asked) < 2 or shown >= TOO_FEW or len(found) == limit:
            return Hits(tuple(found))
    others = together.find(asked, user=user, within=within, below=place.below if place.across else None)
    room = limit - len(found)
    after = Place(others[room - 1].message_id, TOO_FEW, across=True) if len(others) > room else ""
    return Hits((*found, *others[:room]), next=str(after))


def _walk(
    asked: Sequence[Wanted], *, user: User, within: Within | None, below: int | None, limit: int
) -> tuple[list[Hit], int | None]:
    """Return hits of single messages, and below which message the next page goes on; None at the end."""
    scopes = sight_of(user).scopes
    known: set[int] = set()
    found: list[Hit] = []
    first, looked_at = below, 0
    floor = index().floor(asked, below=below, limit=limit)
    batch = min(max(_FIRST_BATCH, limit * 4), _LARGEST_BATCH)
    most = _MOST_LOOKED_AT * max(1, limit // _ORDINARY)
    while True:
        rows = index().newest(asked, scopes=scopes, below=below, above=floor, most=batch)
        new: dict[int, int] = {}
        for message_id, conversation_id in rows:
            if conversation_id not in known:
                new.setdefault(conversation_id, message_id)
        known |= new.keys()
        seen = seen_among(new, user=user, within=within)
        if first is not None:
            seen -= _shown_before(seen, asked, first=first)
        found += [Hit(conversation, message) for conversation, message in new.items() if conversation in seen]
        if len(found) > limit:
            return found[:limit], found[limit - 1].message_id
        if len(rows) < batch:
            return found, floor or None
        below, looked_at, batch = rows[-1][0], looked_at + len(rows), min(batch * 3, _LARGEST_BATCH)
        if looked_at >= most:
            return _the_other_way(asked, user=user, within=within, below=first, limit=limit) or (found, below)


def _shown_before(conversation_ids: set[int], asked: Sequence[Wanted], *, first: int) -> set[int]:
    """Return which of them have a newer hit: that was on a page before this one."""
    rows = dict(
        Message.objects.filter(conversation__in=conversation_ids, pk__gte=first).values_list("pk", "conversation_id")
    )
    return {rows[number] for number in _with_all(list(rows), asked)} if rows else set()


def _the_other_way(
    asked: Sequence[Wanted], *, user: User, within: Within | None, below: int | None, limit: int
) -> tuple[list[Hit], int | None] | None:
    """Look through the conversations for which the condition holds; None when they are too many."""
    if within is None:
        return None
    rows = Conversation.objects.visible_to(user).filter(within.condition).values_list("pk", flat=True)
    conversations = list(rows[: _FEW_CONVERSATIONS + 1])
    if len(conversations) > _FEW_CONVERSATIONS:
        return None
    messages = dict(
        Message.objects.filter(conversation__in=conversations).values_list("pk", "conversation_id")[:_MOST_MESSAGES]
    )
    if len(messages) == _MOST_MESSAGES:
        return None
    newest: dict[int, int] = {}
    for number in sorted(_with_all(list(messages), asked), reverse=True):
        newest.setdefault(messages[number], number)
    hits = [Hit(conversation_id, message_id) for conversation_id, message_id in newest.items()]
    left = [hit for hit in hits if below is None or hit.message_id < below]
    return left[:limit], left[limit - 1].message_id if len(left) > limit else None


def _with_all(message_ids: Sequence[int], asked: Sequence[Wanted]) -> set[int]:
    everything = (1 << len(asked)) - 1
    return {number for number, what in index().held(message_ids, asked).items() if what == everything}
