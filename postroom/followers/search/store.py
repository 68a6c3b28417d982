"""Which engine's index it is."""

from collections.abc import Sequence
from typing import Protocol, cast

from django.db import connection

from postroom.followers.search import on_postgresql, on_sqlite
from postroom.followers.search.asked import Wanted

Found = list[tuple[int, int]]


class Index(Protocol):
    """What both engines do. `scopes` are marks (marks.py) of which an entry must have one; empty for no such limit."""

    def newest(self, asked: Sequence[Wanted], *, scopes: Sequence[str], below: int | None, most: int) -> Found:
        """Return (message, conversation) of the newest messages below an id that hold all of it, newest first."""

    def among(self, message_ids: Sequence[int], asked: Sequence[Wanted]) -> set[int]:
        """Return which of these messages hold all of it."""

    def scores(self, message_ids: Sequence[int], asked: Sequence[Wanted]) -> dict[int, float]:
        """Return how well each of these messages fits."""

    def exists(self, asked: Sequence[Wanted]) -> tuple[str, list[str]]:
        """Return SQL and its values that say of an entry `e` that it holds all of it."""


def index() -> Index:
    """Return the index of the database that is used."""
    return cast("Index", on_postgresql if connection.vendor == "postgresql" else on_sqlite)
