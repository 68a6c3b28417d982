"""The index on SQLite: an FTS5 table whose row ids are the messages', so that it streams the newest first."""

import math
from collections.abc import Sequence

from django.db import connection

from postroom.followers.search import marks
from postroom.followers.search.asked import Wanted

_AT_ONCE = 500
Found = list[tuple[int, int]]


def newest(asked: Sequence[Wanted], *, scopes: Sequence[str], below: int | None, most: int) -> Found:
    """Return (message, conversation) of the newest messages below an id that hold all of it, newest first."""
    sql = (
        "SELECT hit.rowid, m.conversation_id FROM (SELECT rowid FROM postroom_search_index "
        "WHERE postroom_search_index MATCH %s AND rowid < %s ORDER BY rowid DESC LIMIT %s) AS hit "
        "CROSS JOIN postroom_conversations_message AS m ON m.id = hit.rowid"
    )
    with connection.cursor() as cursor:
        cursor.execute(sql, [_match(asked, scopes), 1 << 62 if below is None else below, most])
        return list(cursor.fetchall())


def among(message_ids: Sequence[int], asked: Sequence[Wanted]) -> set[int]:
    """Return which of these messages hold all of it."""
    return {
        number
        for number, words in _words_of(message_ids)
        if all(any(way.within(words) for way in wanted.ways) for wanted in asked)
    }


def scores(message_ids: Sequence[int], asked: Sequence[Wanted]) -> dict[int, float]:
    """Return how well each of these messages fits: how often, how rare the word, in how long a text, in the subject."""
    sets = [
        (
            {words[0] for words in wanted.exact},
            tuple(wanted.beginnings),
            1 + math.log1p(1_000_000 / (1 + (wanted.about or 0))),
        )
        for wanted in asked
    ]
    # Whatever stands in a subject is marked; the words of a question about one part are, too.
    subject = marks.of_part("subject", "")
    in_subject = [{subject + word for word in single} for single, _beginnings, _weight in sets]
    result = {}
    for number, text in _words_of(message_ids):
        words = text.split()
        length = 1.5 + len(words) / 200
        score = 0.0
        for (single, beginnings, weight), titled in zip(sets, in_subject, strict=True):
            often = sum(word in single for word in words)
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
    found: list[tuple[int, str]] = []
    with connection.cursor() as cursor:
        for start in range(0, len(message_ids), _AT_ONCE):
            some = message_ids[start : start + _AT_ONCE]
            places = ", ".join(["%s"] * len(some))
            cursor.execute(
                f"SELECT message_id, ' ' || words || ' ' FROM postroom_search_entry WHERE message_id IN ({places})",  # noqa: S608  (placeholders only)
                list(some),
            )
            found += cursor.fetchall()
    return found


def _match(asked: Sequence[Wanted], scopes: Sequence[str]) -> str:
    parts = [
        " OR ".join([*(f'"{" ".join(words)}"' for words in wanted.exact), *(f'"{one}" *' for one in wanted.beginnings)])
        for wanted in asked
    ]
    if scopes:
        parts.append(" OR ".join(f'"{scope}"' for scope in scopes))
    return " AND ".join(f"({part})" for part in parts)
