"""The index on PostgreSQL: a tsvector for each message, and a GIN index, which knows no order.

So it is read stretch by stretch from the newest on: each entry has words for the stretch of ids that it is in, and GIN
leaps over what is not in a stretch. Without them a common word is fetched a million times to sort it (measured: 2 s).
"""

from collections.abc import Iterator, Sequence

from django.db import connection

from postroom.followers.search import marks
from postroom.followers.search.asked import Wanted

# The stretches that an entry is marked with: of 32,768 and of 262,144 ids.
SMALL, LARGE = 15, 18
# What is in fewer messages than this is fetched at once.
_FEW = 3000
_FIRST, _WALKED, _LARGEST = 1 << 10, 1 << 12, 1 << 20
# More ends of a begun word than these are weighed too slowly.
_MOST_ENDS = 48
Found = list[tuple[int, int]]


def newest(asked: Sequence[Wanted], *, scopes: Sequence[str], below: int | None, most: int) -> Found:
    """Return (message, conversation) of the newest messages below an id that hold all of it, newest first."""
    query = _query(asked, scopes)
    high = _top() if below is None else below
    if any(wanted.about is not None and wanted.about < _FEW for wanted in asked):
        return _held(query, low=0, high=high, most=most)
    found: Found = []
    span = _FIRST
    while high > 0 and len(found) < most:
        if span <= _WALKED:
            # What is in every tenth message is found sooner by reading them than by asking where it is.
            low, asked_for = max(0, high - span), query
        else:
            low, stretches = _stretches(high, span=span)
            asked_for = f"{query} & ({' | '.join(map(_quoted, stretches))})"
        more = _held(asked_for, low=low, high=high, most=most - len(found))
        found += more
        # As much as should hold what is missing, by what was in this stretch.
        wanted_span = (most - len(found)) * (high - low) * 3 // (2 * len(more)) if more else (high - low) * 32
        span, high = max(_FIRST, min(wanted_span, _LARGEST)), low
    return found


def among(message_ids: Sequence[int], asked: Sequence[Wanted]) -> set[int]:
    """Return which of these messages hold all of it."""
    sql = "SELECT message_id FROM postroom_search_entry WHERE message_id = ANY(%s) AND words @@ %s::tsquery"
    with connection.cursor() as cursor:
        cursor.execute(sql, [list(message_ids), _ways_query(asked)])
        return {row[0] for row in cursor.fetchall()}


def scores(message_ids: Sequence[int], asked: Sequence[Wanted]) -> dict[int, float]:
    """Return how well each of these messages fits: how often, in how long a text, in the subject."""
    subject = marks.of_part("subject", "")
    titled = " | ".join(
        _quoted(subject + words[0]) for wanted in asked for words in wanted.exact[:_MOST_ENDS] if len(words) == 1
    )
    sql = (
        "SELECT message_id, ts_rank(words, %s::tsquery, 1) + CASE WHEN words @@ %s::tsquery THEN 0.3 ELSE 0 END "
        "FROM postroom_search_entry WHERE message_id = ANY(%s)"
    )
    query = _query(asked, ())
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


def _held(query: str, *, low: int, high: int, most: int) -> Found:
    # Ordered by an expression, or the planner walks back through all entries by their key and reads each.
    sql = (
        "SELECT hit.message_id, m.conversation_id FROM (SELECT message_id FROM postroom_search_entry "
        "WHERE words @@ %s::tsquery AND message_id >= %s AND message_id < %s "
        "ORDER BY message_id + 0 DESC LIMIT %s) AS hit "
        "JOIN postroom_conversations_message AS m ON m.id = hit.message_id ORDER BY 1 DESC"
    )
    with connection.cursor() as cursor:
        cursor.execute(sql, [query, low, high, most])
        return list(cursor.fetchall())


def _stretches(high: int, *, span: int) -> tuple[int, list[str]]:
    """Return where stretches that hold about so many ids below `high` begin, and their words."""
    bits = SMALL if span <= 8 << SMALL else LARGE
    last = (high - 1) >> bits
    first = max(0, (high - span) >> bits)
    return first << bits, [marks.of_stretch(number << bits, bits=bits) for number in range(first, last + 1)]


def _top() -> int:
    with connection.cursor() as cursor:
        cursor.execute("SELECT max(message_id) FROM postroom_search_entry")
        return int(cursor.fetchone()[0] or 0) + 1


def _query(asked: Sequence[Wanted], scopes: Sequence[str]) -> str:
    parts = [" | ".join(_alternatives(wanted)) for wanted in asked]
    if scopes:
        parts.append(" | ".join(map(_quoted, scopes)))
    return " & ".join(f"({part})" for part in parts)


def _alternatives(wanted: Wanted) -> Iterator[str]:
    for words in wanted.exact[:_MOST_ENDS]:
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
