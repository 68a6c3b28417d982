"""How long search takes, with as many entries as there are messages: words by chance, as frequent as in a language."""

import itertools
import random
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import partial
from importlib import import_module
from typing import Any

from django.db import connection

from bench import statements
from bench.figures import Figure, percentile
from postroom.core.accounts.models import Mailbox, User
from postroom.core.conversations.condition.language import EVERYTHING
from postroom.core.conversations.condition.plan import plan_of
from postroom.core.conversations.condition.words import BY_DATE, BY_RANK, Term, Within
from postroom.followers.search import marks
from postroom.followers.search.engine import FullText
from postroom.followers.search.models import Word
from postroom.followers.search.on_postgresql import vector_of

_VOCABULARY, _WORDS_EACH = 50_000, 30
# So many bodies are said again and again: the rarest words are in a few dozen of four million messages.
_BODIES = 200_000
_CHUNK = 100_000
_SYLLABLES = [
    consonant + vowel for consonant in "bcdfghjklmnprstvwz" for vowel in ("a", "e", "i", "o", "u", "ai", "ou")
]
_migration: Any = import_module("postroom.followers.search.migrations.0001_initial")


def fill_index(conversations: int, *, messages_each: int, mailboxes: int, say: Callable[[str], None]) -> list[str]:
    """Write an entry for each message of the data set; return the words, the most frequent first."""
    chance = random.Random(2)
    words = _words(chance)
    weights = list(itertools.accumulate(1 / (rank + 2) ** 1.05 for rank in range(len(words))))
    total = conversations * messages_each
    bodies = [chance.choices(words, cum_weights=weights, k=_WORDS_EACH) for _ in range(min(_BODIES, total))]
    say(f"  {len(bodies):,} bodies")
    _without_index()
    first = Mailbox.objects.earliest("pk").pk
    rows = _rows(total, bodies, messages_each=messages_each, mailboxes=range(first, first + mailboxes))
    (_copy if connection.vendor == "postgresql" else _insert)(rows)
    say(f"  {total:,} entries")
    _with_index()
    _learn(bodies, total=total, mailboxes=mailboxes)
    say("  index made")
    return words


def search(engine: str, *, alice: User, words: Sequence[str], seconds: float) -> list[Figure]:
    """Measure each kind of question, asked by somebody of eight mailboxes and by somebody of one."""
    one_mailbox = User.objects.create(email="one@velo.example", name="One mailbox", password="!")
    first = Mailbox.objects.order_by("pk").first()
    assert first is not None
    first.members.add(one_mailbox)
    asked = [(f"search, {name}", kind, alice, BY_DATE) for name, kind in _KINDS.items()]
    asked += [(f"search by rank, {name}", _KINDS[name], alice, BY_RANK) for name in _RANKED]
    asked += [(f"search, {name}, 1 mailbox", _KINDS[name], one_mailbox, BY_DATE) for name in _RANKED]
    # Of this very process, which has other things to remember at first.
    return [
        _measure(engine, name, list(_questions(kind, words)), user=user, order=order, seconds=seconds)
        for name, kind, user, order in asked
    ]


@dataclass(frozen=True)
class _Kind:
    """From which ranks of the vocabulary each word of a question is taken; how many letters are typed (0: all)."""

    ranks: tuple[tuple[int, int], ...]
    letters: int = 0
    phrase: bool = False


_VERY, _COMMON, _MID, _RARE = (0, 10), (20, 200), (500, 3000), (20_000, 50_000)
_KINDS = {
    "1 very common word": _Kind((_VERY,)),
    "1 common word": _Kind((_COMMON,)),
    "1 middling word": _Kind((_MID,)),
    "1 rare word": _Kind((_RARE,)),
    "2 very common words": _Kind((_VERY, _VERY)),
    "2 common words": _Kind((_COMMON, _COMMON)),
    "3 common words": _Kind((_COMMON, _COMMON, _COMMON)),
    "3 middling words": _Kind((_MID, _MID, _MID)),
    "common and rare word": _Kind((_COMMON, _RARE)),
    "very common, common, middling": _Kind((_VERY, _COMMON, _MID)),
    "3 letters typed": _Kind((_COMMON,), letters=3),
    "2 words, 4 letters typed": _Kind((_COMMON, _MID), letters=4),
    "phrase of 2 common words": _Kind((_COMMON, _COMMON), phrase=True),
}
_RANKED = ("1 very common word", "1 middling word", "2 common words", "3 common words")


def _questions(kind: _Kind, words: Sequence[str]) -> Iterator[list[Term]]:
    chance = random.Random(3)
    for _ in range(40):
        picked = [words[chance.randrange(*ranks)] for ranks in kind.ranks]
        if kind.phrase:
            yield [Term(" ".join(picked), phrase=True)]
        else:
            yield [Term(word[: kind.letters] if kind.letters else word) for word in picked]


def _measure(
    engine: str, name: str, questions: Sequence[list[Term]], *, user: User, order: str, seconds: float
) -> Figure:
    # As the page asks: of what is no spam, in the mailboxes of whoever asks.
    within = plan_of(EVERYTHING, user=user).within
    asks = [partial(_ask, terms, user=user, within=within, order=order) for terms in questions]
    ours: list[float] = []
    floor: list[float] = []
    for ask in asks:
        # Once beforehand: memory, not the disk, is what is measured.
        ask()
        with statements.captured() as sql:
            ask()
        # The search's own clock: one try of what is asked, then what its statements alone cost.
        ours += statements.timed(ask, seconds=seconds / len(asks))
        floor += statements.times(sql, seconds=seconds / len(asks) / 4)
    return Figure(
        engine, name, "ms", percentile(ours, 0.5), percentile(ours, 0.95), percentile(floor, 0.5), "its bare SQL"
    )


def _ask(terms: list[Term], *, user: User, within: Within, order: str) -> None:
    FullText().find(terms, user=user, within=within, order=order, before="", limit=50)


def _words(chance: random.Random) -> list[str]:
    words: dict[str, None] = {}
    while len(words) < _VOCABULARY:
        words["".join(chance.choices(_SYLLABLES, k=chance.randint(2, 4)))] = None
    return list(words)


def _rows(
    total: int, bodies: Sequence[Sequence[str]], *, messages_each: int, mailboxes: range
) -> Iterator[tuple[int, str]]:
    postgresql = connection.vendor == "postgresql"
    # Places are after the mailbox's mark, which is the first word.
    said = (
        [vector_of(["", *body], message_id=0).split(" ", 1)[1].rsplit(" ", 2)[0] for body in bodies]
        if postgresql
        else []
    )
    texts = [" ".join(body) for body in bodies] if not postgresql else []
    for number in range(1, total + 1):
        mailbox = marks.of_mailbox(mailboxes[((number - 1) // messages_each + 1) % len(mailboxes)])
        at = number * 7919 % len(bodies)
        if postgresql:
            yield number, f"{vector_of([mailbox], message_id=number)} {said[at]}"
        else:
            yield number, f"{mailbox} {texts[at]}"


def _without_index() -> None:
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute("DROP INDEX search_entry_words")
        else:
            cursor.execute("DROP TRIGGER postroom_search_added")


def _with_index() -> None:
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute("SET maintenance_work_mem = '512MB'")
            cursor.execute(next(sql for sql in _migration.POSTGRESQL if "CREATE INDEX" in sql))
            cursor.execute("VACUUM ANALYZE postroom_search_entry")
        else:
            cursor.execute("INSERT INTO postroom_search_index (postroom_search_index) VALUES ('rebuild')")
            cursor.execute(next(sql for sql in _migration.SQLITE if "search_added" in sql))


def _copy(rows: Iterator[tuple[int, str]]) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SET session_replication_role = replica")
        with cursor.copy("COPY postroom_search_entry (message_id, words) FROM STDIN") as copy:
            for row in rows:
                copy.write_row(row)
        cursor.execute("SET session_replication_role = origin")


def _insert(rows: Iterator[tuple[int, str]]) -> None:
    with connection.cursor() as cursor:
        while some := list(itertools.islice(rows, _CHUNK)):
            cursor.execute("BEGIN")
            cursor.executemany("INSERT INTO postroom_search_entry (message_id, words) VALUES (%s, %s)", some)
            cursor.execute("COMMIT")


def _learn(bodies: Sequence[Sequence[str]], *, total: int, mailboxes: int) -> None:
    times = total / len(bodies)
    counts = Counter(word for body in bodies for word in set(body))
    Word.objects.bulk_create([Word(word=word, n=int(n * times)) for word, n in counts.items()], batch_size=5000)
    first = Mailbox.objects.earliest("pk").pk
    scopes = [Word(word=marks.of_mailbox(first + number), n=total // mailboxes) for number in range(mailboxes)]
    Word.objects.bulk_create(scopes)
