"""The index on PostgreSQL: a tsvector for each message, and a GIN index, which knows no order.

So it is read stretch by stretch from the newest on: each entry has words for the stretch of ids that it is in. Without
them a common word is fetched a million times to sort it (measured: 2 s). Whatever has to be there is a condition of its
own: GIN leaps from one to where the next may be, and within a single one it does not (measured: 5 to 20 times as long).
"""

import math
from collections.abc import Iterator, Sequence

from django.db import connection

from postroom.followers.search import marks
from postroom.followers.search.asked import Wanted
from postroom.followers.search.vocabulary import in_about
from postroom.lib.statements import run

# The stretches that an entry is marked with: of 32,768 and of 262,144 ids.
SMALL, LARGE = 15, 18
# What is in fewer messages than this is fetched at once; of several words, and in some mailboxes, where so few should
# have them all.
_FEW, _FEW_TOGETHER, _NOT_COMMON, _NOT_MANY = 3000, 1000, 30_000, 2000
_FIRST, _WALKED, _LARGEST = 1 << 10, 1 << 12, 1 << 20
# Words may come together far more often than by chance: a look at the newest says so.
_FIRST_OF_SEVERAL = 1 << 17
# So many more than are wanted are expected of a stretch, or the last few are fetched by ever smaller ones.
_MORE = 25
# What was expected weighs as much as so many ids that were looked at.
_EXPECTATION = 1 << 13
# Of messages with the rarest word of a phrase, one of so many has the phrase.
_BESIDE = 500.0
Found = list[tuple[int, int]]


def newest(asked: Sequence[Wanted], *, scopes: Sequence[str], below: int | None, most: int, above: int = 0) -> Found:
    """Return (message, conversation) of the newest messages of a stretch of ids that hold all of it, newest first."""
    parts = _parts(asked, scopes)
    everything = top()
    high = everything if below is None else below
    several = len(asked) > 1 or any(len(words) > 1 for words in asked[0].exact)
    rarest, together = _expected(asked, scopes, everything=everything)
    if rarest < _FEW or (together < _FEW_TOGETHER and rarest < _NOT_COMMON):
        return _hits(parts, low=above, high=high, most=most)
    found: Found = []
    looked_at = 0
    largest = _FIRST_OF_SEVERAL if several else _LARGEST
    while high > above and len(found) < most:
        expected = together * _EXPECTATION / everything
        density = max(len(found) + expected, 0.01) / (looked_at + _EXPECTATION)
        span = max(_FIRST, min(int((most - len(found) + _MORE) * 1.25 / density), largest))
        if several and looked_at and density * everything < _NOT_MANY:
            # From one to the next there are leaps enough; a stretch would be one more to weigh.
            return found + _hits(parts, low=above, high=high, most=most - len(found))
        if span <= _WALKED:
            # What is in every tenth message is found sooner by reading them than by asking where it is.
            low = max(high - span, above)
            found += _read(parts, low=low, high=high, most=most - len(found))
        else:
            low, stretches = _stretches(high, span=span)
            # First, as GIN asks in this order: it begins where they begin, and ends with them.
            found += _hits([stretches, *parts], low=max(low, above), high=high, most=most - len(found))
        looked_at, high, largest = looked_at + high - low, low, _LARGEST
    return found


def floor(asked: Sequence[Wanted], *, below: int | None, limit: int) -> int:
    """Return below which message one page does not go: always 0, as GIN reads no faster what is but a part."""
    del asked, below, limit
    return 0


def top() -> int:
    """Return an id above those of all entries, about as large as there are messages."""
    return int(run("SELECT max(message_id) FROM postroom_search_entry", [])[0][0] or 0) + 1


def held(message_ids: Sequence[int], asked: Sequence[Wanted]) -> dict[int, int]:
    """Return for each of these messages what of it it holds: the sum of 2^place; those with nothing may be missing."""
    sums = " + ".join(f"CASE WHEN words @@ %s::tsquery THEN {1 << place} ELSE 0 END" for place in range(len(asked)))
    sql = f"SELECT message_id, {sums} FROM postroom_search_entry WHERE message_id = ANY(%s)"  # noqa: S608  (parameters)
    with connection.cursor() as cursor:
        cursor.execute(sql, [*(_ways_query([wanted]) for wanted in asked), list(message_ids)])
        return dict(cursor.fetchall())


def scores(message_ids: Sequence[int], asked: Sequence[Wanted]) -> dict[int, float]:
    """Return how well each of these messages fits: how often, in how long a text, in the subject."""
    subject = marks.of_part("subject", "")
    titled = " | ".join(_quoted(subject + words[0]) for wanted in asked for words in wanted.exact if len(words) == 1)
    sql = (
        "SELECT message_id, ts_rank(words, %s::tsquery, 1) + CASE WHEN words @@ %s::tsquery THEN 0.3 ELSE 0 END "
        "FROM postroom_search_entry WHERE message_id = ANY(%s)"
    )
    query = " & ".join(f"({part})" for part in _parts(asked, ()))
    with connection.cursor() as cursor:
        cursor.execute(sql, [query, titled or query, list(message_ids)])
        return dict(cursor.fetchall())


def exists(asked: Sequence[Wanted]) -> tuple[str, list[str]]:
    """Return SQL and its values that say of an entry `e` that it holds all of it, without asking the index."""
    return "e.words @@ %s::tsquery", [_ways_query(asked)]


def vector_of(words: Sequence[str], *, message_id: int) -> str:
    """Return an entry's words as PostgreSQL reads a tsvector, with its stretches."""
    places: dict[str, list[int]] = {}
    for place, word in enumerate(words, start=1):
        places.setdefault(word, []).append(place)
    # 256 places of a word and 16,383 in all are kept; beyond, words are found, but not beside each other.
    kept = {word: sorted({min(place, 16383) for place in some[:256]}) for word, some in places.items()}
    texts = [f"{_quoted(word)}:{','.join(map(str, some))}" for word, some in kept.items()]
    stretches = [marks.of_stretch(message_id, bits=bits) for bits in (SMALL, LARGE)]
    return " ".join([*texts, *map(_quoted, stretches)])


def _hits(parts: Sequence[str], *, low: int, high: int, most: int) -> Found:
    """Ask the index."""
    # Not of the ids themselves, or the planner also reads the index of those, which takes longer.
    sql = (
        f"SELECT message_id FROM postroom_search_entry WHERE {_all(parts)} "  # noqa: S608  (parameters)
        "AND message_id + 0 >= %s AND message_id + 0 < %s ORDER BY message_id + 0 DESC LIMIT %s"
    )
    return _with_conversations(sql, [*parts, low, high, most])


def _read(parts: Sequence[str], *, low: int, high: int, most: int) -> Found:
    """Look at each entry of a few."""
    # OFFSET 0: these rows first, whatever the planner thinks of the words.
    sql = (
        "SELECT message_id FROM (SELECT message_id, words FROM postroom_search_entry "  # noqa: S608  (parameters)
        f"WHERE message_id >= %s AND message_id < %s OFFSET 0) AS near WHERE {_all(parts)} "
        "ORDER BY message_id DESC LIMIT %s"
    )
    return _with_conversations(sql, [low, high, *parts, most])


def _all(parts: Sequence[str]) -> str:
    return " AND ".join(["words @@ %s::tsquery"] * len(parts))


def _with_conversations(sql: str, values: Sequence[str | int]) -> Found:
    sql = (
        f"SELECT hit.message_id, m.conversation_id FROM ({sql}) AS hit "  # noqa: S608  (parameters)
        "JOIN postroom_conversations_message AS m ON m.id = hit.message_id ORDER BY 1 DESC"
    )
    with connection.cursor() as cursor:
        cursor.execute(sql, values)
        return list(cursor.fetchall())


def _expected(asked: Sequence[Wanted], scopes: Sequence[str], *, everything: int) -> tuple[int, int]:
    """Return in about how many messages the rarest is, and in how many all are, if it is by chance."""
    # What nobody has counted (short numbers) may be in every eighth.
    counts = [everything // 8 if one.about is None else min(one.about, everything) for one in asked]
    beside = _BESIDE ** -sum(len(one.exact[0]) > 1 for one in asked if one.exact)
    share = min(sum(in_about(scopes).values()) / everything, 1.0) if scopes else 1.0
    return min(counts), int(everything * math.prod(count / everything for count in counts) * beside * share)


def _stretches(high: int, *, span: int) -> tuple[int, str]:
    """Return where stretches that hold about so many ids below `high` begin, and the condition to be in one of them."""
    bits = SMALL if span <= 8 << SMALL else LARGE
    last = (high - 1) >> bits
    first = max(0, (high - span) >> bits)
    words = [marks.of_stretch(number << bits, bits=bits) for number in range(first, last + 1)]
    return first << bits, " | ".join(map(_quoted, words))


def _parts(asked: Sequence[Wanted], scopes: Sequence[str]) -> list[str]:
    """Return what an entry has to hold, one by one."""
    parts = [" | ".join(_alternatives(wanted)) for wanted in asked]
    return [*parts, " | ".join(map(_quoted, scopes))] if scopes else parts


def _alternatives(wanted: Wanted) -> Iterator[str]:
    for words in wanted.exact:
        yield "(" + " <-> ".join(map(_quoted, words)) + ")" if len(words) > 1 else _quoted(words[0])
    for beginning in wanted.beginnings:
        yield f"{_quoted(beginning)}:*"


def _ways_query(asked: Sequence[Wanted]) -> str:
    """Return a question that is only put to single entries, where a beginning needs no list of its ends."""
    ways = [
        [" <-> ".join(map(_quoted, way.words)) + (":*" if way.begins else "") for way in wanted.ways]
        for wanted in asked
    ]
    return " & ".join(f"({' | '.join(f'({way})' for way in some)})" for some in ways)


def _quoted(word: str) -> str:
    # No word of ours holds a quote or a backslash (tokens.py).
    return f"'{word}'"
