"""Which engine's index it is."""

from collections.abc import Sequence
from typing import Protocol, cast

from django.db import connection

from postroom.followers.search import on_postgresql, on_sqlite
from postroom.followers.search.asked import Wanted

Found = list[tuple[int, int]]


class Index(Protocol):
    """What both engines do. `scopes` are marks (marks.py) of which an entry must have one; empty for no such limit."""

    def newest(
        self, asked: Sequence[Wanted], *, scopes: Sequence[str], below: int | None, most: int, above: int = 0
    ) -> Found:
        """Return (message, conversation) of the newest messages of a stretch of ids that hold all of it, newest first.

        Fewer than `most` are all that there are from `above` on.
        """

    def top(self) -> int:
        """Return an id above those of all entries, about as large as there are messages."""

    def floor(self, asked: Sequence[Wanted], *, below: int | None, limit: int) -> int:
        """Return below which message a page of `limit` rows does not go, to end in time; 0: it may go to the end."""

    def held(self, message_ids: Sequence[int], asked: Sequence[Wanted]) -> dict[int, int]:
        """Return for each of these messages what of it it holds: the sum of 2^place; with nothing it may be missing."""

    def scores(self, message_ids: Sequence[int], asked: Sequence[Wanted]) -> dict[int, float]:
        """Return how well each of these messages fits."""

    def exists(self, asked: Sequence[Wanted]) -> tuple[str, list[str]]:
        """Return SQL and its values that say of an entry `e` that it holds all of it."""


def index() -> Index:
    """Return the index of the database that is used."""
    return cast("Index", on_postgresql if connection.vendor == "postgresql" else on_sqlite)
