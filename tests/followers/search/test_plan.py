"""However a search goes about it, and however little one page may look at: all is found, once, in its order."""

import random
from collections.abc import Iterator

import pytest

from postroom.core.accounts.models import Mailbox
from postroom.core.conversations.actions.receive import receive
from postroom.core.conversations.condition.words import BY_DATE, BY_RANK, Term
from postroom.core.conversations.incoming import Person
from postroom.core.conversations.models import Message
from postroom.followers.search import by_date, by_rank, on_postgresql, on_sqlite
from tests.core.conftest import Desk
from tests.followers.search.searching import catch_up, hits
from tests.incoming import incoming

_WORDS = ("bell", "saddle", "spoke", "pedal", "chain", "lamp", "tyre")
# What a page may look at, from next to nothing to what is usual.
_BOUNDS: tuple[dict[tuple[object, str], int], ...] = (
    {},
    {
        (by_date, "_FIRST_BATCH"): 2,
        (by_date, "_LARGEST_BATCH"): 3,
        (by_date, "_MOST_LOOKED_AT"): 4,
        (by_rank, "POOL"): 3,
        (by_rank, "_SPARE"): 1,
        (on_sqlite, "_MOST_STEPS"): 40,
        (on_postgresql, "_FEW"): 0,
        (on_postgresql, "_NOT_COMMON"): 0,
        (on_postgresql, "_NOT_MANY"): 0,
        (on_postgresql, "_FIRST"): 4,
        (on_postgresql, "_WALKED"): 6,
    },
    {
        (by_rank, "POOL"): 5,
        (on_sqlite, "_MOST_STEPS"): 400,
        (on_postgresql, "_FEW"): 0,
        (on_postgresql, "_NOT_COMMON"): 0,
        (on_postgresql, "_FIRST"): 4,
    },
)


def test_every_plan_finds_what_reading_everything_finds(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    chance = random.Random(5)
    other = Mailbox.objects.create(name="Board", address="board@velo.example")
    for number in range(22):
        mailbox = other if number % 5 == 0 else desk.mailbox
        said = [" ".join(chance.choices(_WORDS, k=chance.randint(1, 4))) for _ in range(chance.randint(1, 3))]
        sender = Person("A", f"a{number}@a.example")
        first = receive(
            mailbox=mailbox, mail=incoming(text=said[0], subject="x", sender=sender, rfc_id=f"<{number}@a>")
        )
        for place, text in enumerate(said[1:]):
            desk.mail(text, conversation=first.conversation, rfc_id=f"<{number}.{place}@a>", sender=sender)
    catch_up()
    rows = list(Message.objects.filter(conversation__mailbox=desk.mailbox).values_list("pk", "conversation_id", "text"))
    for bounds in _BOUNDS:
        with monkeypatch.context() as patched:
            for (room, name), value in bounds.items():
                patched.setattr(room, name, value)
            for question in _questions(chance):
                whole, parted = _read(rows, question)
                found = _pages(question, desk, order=BY_DATE)
                assert found[: len(whole)] == whole, (bounds, question)
                assert set(found[len(whole) :]) <= parted, (bounds, question)
                ranked = _pages(question, desk, order=BY_RANK)
                assert len(set(ranked)) == len(ranked), (bounds, question)
                assert set(ranked) - parted == set(whole), (bounds, question)
                if len(whole) < 10:
                    # Few as they are, those that have the words apart follow.
                    assert set(found) == set(ranked) == {*whole, *parted}, (bounds, question)


def _questions(chance: random.Random) -> Iterator[Term]:
    for n in (1, 1, 2, 2, 3, 3):
        yield Term(" ".join(chance.sample(_WORDS, n)))
    yield Term(" ".join(chance.sample(_WORDS, 2)), phrase=True)


def _read(rows: list[tuple[int, int, str]], question: Term) -> tuple[list[int], set[int]]:
    """Return the conversations with all of it in a message, newest first, and those with it in several only."""
    asked = [question.text] if question.phrase else question.text.split()
    whole: dict[int, int] = {}
    has: dict[int, set[str]] = {}
    for pk, conversation, text in sorted(rows, reverse=True):
        holds = {part for part in asked if f" {part} " in f" {text} "}
        has.setdefault(conversation, set()).update(holds)
        if holds == set(asked):
            whole.setdefault(conversation, pk)
    parted = {one for one, what in has.items() if what == set(asked) and one not in whole}
    return sorted(whole, key=lambda one: -whole[one]), parted


def _pages(question: Term, desk: Desk, *, order: str) -> list[int]:
    found: list[int] = []
    before = ""
    for _ in range(200):
        page = hits(question, by=desk.alice, order=order, before=before, limit=3)
        assert page.spelled is None
        found += [hit.conversation_id for hit in page.found]
        before = page.next
        if not before:
            return found
    raise AssertionError(f"no end: {question}")
