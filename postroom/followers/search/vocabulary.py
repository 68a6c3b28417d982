"""Which words there are: for the ends of words that somebody began, and for the spelling of those that nobody wrote."""

import zlib
from collections.abc import Iterable, Mapping, Sequence

from django.db import connection

from postroom.followers.search import marks
from postroom.followers.search.models import Near, Word
from postroom.lib.statements import run

# Counting each word of each message would write thirty rows for it; this is as good for telling common from rare.
EVERY = 16
# What is longer is a key or a line of Base64.
_LONGEST = 40
_SPELLED = range(4, 21)
_AT_ONCE = 400
_NO_VOWELS = dict.fromkeys(map(ord, "aeiouyаеиоуыэюяαεηιουω"))
_LAST = "\U0010ffff"


def learn(words_by_message: Mapping[int, Iterable[str]]) -> None:
    """Know the words of these messages from now on. Inside the transaction that stores them."""
    distinct = {number: {word for word in words if is_counted(word)} for number, words in words_by_message.items()}
    every = sorted(set().union(*distinct.values())) if distinct else []
    known: set[str] = set()
    for start in range(0, len(every), _AT_ONCE):
        known |= set(Word.objects.filter(word__in=every[start : start + _AT_ONCE]).values_list("word", flat=True))
    new = [word for word in every if word not in known]
    Word.objects.bulk_create([Word(word=word) for word in new], ignore_conflicts=True)
    Near.objects.bulk_create([Near(key=key, word=word) for word in new if _is_spelled(word) for key in keys_of(word)])
    counted = [word for number, words in distinct.items() if number % EVERY == 0 for word in words]
    if counted:
        _count(counted)


def is_counted(word: str) -> bool:
    """Tell whether messages with this word are counted.

    Words of letters are, and whose message it is. Numbers are nearly all different, and nobody misspells them.
    """
    if marks.is_marked(word):
        return marks.ALL_SCOPES[0] <= word < marks.ALL_SCOPES[1]
    return len(word) <= _LONGEST and (word.isalpha() or not any(sign.isdecimal() for sign in word))


def going_on(beginning: str, *, most: int) -> list[tuple[str, int]]:
    """Return the most frequent words that begin so, and in about how many messages each is, most frequent first."""
    rows = run(
        "SELECT word, n FROM postroom_search_word WHERE word >= %s AND word < %s ORDER BY n DESC, word LIMIT %s",
        [beginning, beginning + _LAST, most],
    )
    return [(str(word), int(n)) for word, n in rows]


def in_about(words: Sequence[str]) -> dict[str, int]:
    """Return in about how many messages each of these words is; those that nobody wrote are missing."""
    return dict(Word.objects.filter(word__in=words[:_AT_ONCE]).values_list("word", "n"))


def scopes() -> dict[str, int]:
    """Return about how many messages there are of each mailbox, by its mark."""
    return dict(run("SELECT word, n FROM postroom_search_word WHERE word >= %s AND word < %s", marks.ALL_SCOPES))


def similar(word: str, *, most: int) -> list[str]:
    """Return words that differ in a letter or two from one that nobody wrote, the likeliest first."""
    if not _is_spelled(word):
        return []
    found = set(Near.objects.filter(key__in=keys_of(word)).values_list("word", flat=True)[:2000]) - {word}
    farthest = 1 if len(word) < 6 else 2
    near = {one: far for one in found if (far := distance(word, one, most=farthest)) <= farthest}
    counts = in_about(list(near))
    return sorted(near, key=lambda one: (near[one], -counts.get(one, 0), one))[:most]


def keys_of(word: str) -> list[int]:
    """Return the check sums of a word, of what is left of it without one of its letters, and of its consonants."""
    without = {word[:at] + word[at + 1 :] for at in range(len(word))}
    # Two wrong vowels are the commonest mistake of those in two letters: bycicle.
    consonants = word.translate(_NO_VOWELS)
    bones = (f"-{consonants}",) if len(consonants) >= 3 else ()
    return sorted({zlib.crc32(one.encode()) for one in (*without, word, *bones)})


def distance(one: str, other: str, *, most: int) -> int:
    """Return how many letters were left out, put in, changed or swapped; `most` + 1 for more than that."""
    if abs(len(one) - len(other)) > most:
        return most + 1
    before: list[int] = []
    row = list(range(len(other) + 1))
    for i, letter in enumerate(one, start=1):
        older, before, row = before, row, [i]
        for j, against in enumerate(other, start=1):
            cost = min(before[j] + 1, row[j - 1] + 1, before[j - 1] + (letter != against))
            if i > 1 and j > 1 and letter == other[j - 2] and one[i - 2] == against:
                cost = min(cost, older[j - 2] + 1)
            row.append(cost)
        if min(row) > most:
            return most + 1
    return row[-1]


def _count(words: Iterable[str]) -> None:
    table = connection.ops.quote_name(Word._meta.db_table)  # noqa: SLF001  (Django documents _meta)
    sums: dict[str, int] = {}
    for word in words:
        sums[word] = sums.get(word, 0) + EVERY
    with connection.cursor() as cursor:
        cursor.executemany(
            f"UPDATE {table} SET n = n + %s WHERE word = %s",  # noqa: S608  (our own table's name)
            [(n, word) for word, n in sorted(sums.items())],
        )


def _is_spelled(word: str) -> bool:
    return len(word) in _SPELLED and word.isalpha() and not marks.is_marked(word)
