"""The index on SQLite: an FTS5 table whose row ids are the messages', so that it streams the newest first."""

import json
import math
from collections.abc import Sequence

from postroom.followers.search import marks
from postroom.followers.search.asked import Wanted
from postroom.lib.statements import run

# Of several words, a page goes back as far as takes so many steps from message to message (about 20 ms).
_MOST_STEPS, _LONGEST_STEP = 500_000, 30
_ORDINARY = 50
Found = list[tuple[int, int]]


def newest(asked: Sequence[Wanted], *, scopes: Sequence[str], below: int | None, most: int, above: int = 0) -> Found:
    """Return (message, conversation) of the newest messages of a stretch of ids that hold all of it, newest first."""
    sql = (
        "SELECT hit.rowid, m.conversation_id FROM (SELECT rowid FROM postroom_search_index "
        "WHERE postroom_search_index MATCH %s AND rowid >= %s AND rowid < %s ORDER BY rowid DESC LIMIT %s) AS hit "
        "CROSS JOIN postroom_conversations_message AS m ON m.id = hit.rowid"
    )
    return [(row[0], row[1]) for row in run(sql, [_match(asked, scopes), above, below or 1 << 62, most])]


def top() -> int:
    """Return an id above those of all entries, about as large as there are messages."""
    return int(run("SELECT max(message_id) FROM postroom_search_entry", [])[0][0] or 0) + 1


def floor(asked: Sequence[Wanted], *, below: int | None, limit: int) -> int:
    """Return below which message a page does not go; 0 when it may go to the end.

    Each message with a single word is a hit. But of several, each by itself common, thousands may be looked at for one
    that has them all.
    """
    if len(asked) < 2 and all(len(words) == 1 for wanted in asked for words in wanted.exact):
        return 0
    everything = top()
    counts = sorted(everything // 8 if one.about is None else one.about for one in asked)
    rarest = max(counts[0], 1)
    # Each of its messages is looked up among the others' messages: the more of those there are, the longer it takes.
    steps = rarest + sum(min(count, rarest * _LONGEST_STEP) for count in counts[1:])
    reach = _MOST_STEPS * max(1, limit // _ORDINARY) * everything // steps
    return max(0, (everything if below is None else below) - reach)


def held(message_ids: Sequence[int], asked: Sequence[Wanted]) -> dict[int, int]:
    """Return for each of these messages what of it it holds: the sum of 2^place; those with nothing may be missing."""
    return {
        number: sum(1 << place for place, wanted in enumerate(asked) if any(way.within(words) for way in wanted.ways))
        for number, words in _words_of(message_ids)
    }


def scores(message_ids: Sequence[int], asked: Sequence[Wanted]) -> dict[int, float]:
    """Return how well each of these messages fits: how often, how rare the word, in how long a text, in the subject."""
    # Whatever stands in a subject is marked; the words of a question about one part are, too.
    subject = marks.of_part("subject", "")
    parts = []
    for wanted in asked:
        single = {words[0] for words in wanted.exact}
        titled = {subject + word for word in single}
        parts.append((single, tuple(wanted.beginnings), titled, 1 + math.log1p(1_000_000 / (1 + (wanted.about or 0)))))
    result = {}
    for number, text in _words_of(message_ids):
        words = text.split()
        length = 1.5 + len(words) / 200
        score = 0.0
        for single, beginnings, titled, weight in parts:
            # A thousand texts are weighed for a page: a loop in Python would take as long as all the rest.
            often = sum(map(single.__contains__, words))
            if beginnings:
                often += sum(word.startswith(beginnings) for word in words)
            score += weight * (often / (often + length) + (not titled.isdisjoint(words)))
        result[number] = score
    return result


def exists(asked: Sequence[Wanted]) -> tuple[str, list[str]]:
    """Return SQL and its values that say of an entry `e` that it holds all of it, without asking the index."""
    parts: list[str] = []
    values: list[str] = []
    for wanted in asked:
        parts.append(f"({' OR '.join(['instr(%s || e.words || %s, %s)'] * len(wanted.ways))})")
        for way in wanted.ways:
            values += [" ", " ", f" {' '.join(way.words)}{'' if way.begins else ' '}"]
    return " AND ".join(parts), values


def _words_of(message_ids: Sequence[int]) -> list[tuple[int, str]]:
    sql = (
        "SELECT message_id, ' ' || words || ' ' FROM postroom_search_entry "
        "WHERE message_id IN (SELECT value FROM json_each(%s))"
    )
    return [(row[0], row[1]) for row in run(sql, [json.dumps(list(message_ids))])]


def _match(asked: Sequence[Wanted], scopes: Sequence[str]) -> str:
    parts = [
        " OR ".join([*(f'"{" ".join(words)}"' for words in wanted.exact), *(f'"{one}" *' for one in wanted.beginnings)])
        for wanted in asked
    ]
    if scopes:
        parts.append(" OR ".join(f'"{scope}"' for scope in scopes))
    return " AND ".join(f"({part})" for part in parts)
