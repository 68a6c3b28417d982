"""What somebody may see, asked in two ways: a quick one of the index, and the rule itself for every hit."""

import json
from collections.abc import Collection
from dataclasses import dataclass
from typing import Any

from django.db import models
from django.db.models import Case, F, Func, Q, QuerySet, Value, When
from django.db.models.sql.compiler import SQLCompiler

from postroom.core.accounts.models import User
from postroom.core.accounts.queries import mailbox_ids
from postroom.core.conversations.condition.words import Within
from postroom.core.conversations.models import Conversation
from postroom.followers.search import marks
from postroom.followers.search.vocabulary import scopes
from postroom.lib.prepared import prepared

# Whoever sees more than this share of all messages is asked about each hit: quicker than to name their mailboxes.
_MOST_OF_IT = 0.2


@dataclass(frozen=True)
class Sight:
    """The marks of what somebody may see at most, nothing where that is most of it; which share of hits counts."""

    scopes: tuple[str, ...]
    share: float


def seen_among(conversation_ids: Collection[int], *, user: User, within: Within | None) -> set[int]:
    """Return which of these conversations this person sees and the further condition holds for."""
    if not conversation_ids:
        return set()
    rows = _seen(user, _written(conversation_ids))
    if within is None:
        return {pk for pk, _status, _mailbox in rows}
    statuses, mailboxes = frozenset(within.statuses), frozenset(within.mailboxes)
    seen = {pk for pk, status, mailbox_id in rows if status in statuses and mailbox_id in mailboxes}
    return _for_which(within.rest, seen) if within.rest and seen else seen


@prepared
def _seen(user: User, numbers: str) -> "QuerySet[Conversation, tuple[int, str, int]]":
    rows = Conversation.objects.visible_to(user).filter(Q(_IsAmong(numbers)))
    return rows.values_list("pk", "status", "mailbox_id")


def _for_which(condition: Q, conversation_ids: Collection[int]) -> set[int]:
    # A column and no condition: SQLite would rather walk an index of all mailboxes and look for the numbers in it.
    holds = Case(
        When(condition, then=Value(value=True)), default=Value(value=False), output_field=models.BooleanField()
    )
    rows = Conversation.objects.filter(Q(_IsAmong(_written(conversation_ids)))).annotate(holds=holds)
    return {pk for pk, holds in rows.values_list("pk", "holds") if holds}


def sight_of(user: User) -> Sight:
    """Return what this person may see at most."""
    own = (*sorted(map(marks.of_mailbox, mailbox_ids(user))), marks.SENSITIVE)
    counted = scopes()
    everything = sum(counted.values())
    share = sum(counted.get(one, 0) for one in own) / everything if everything else 1.0
    return Sight((), share) if share > _MOST_OF_IT or not everything else Sight(own, 1.0)


def _written(numbers: Collection[int]) -> str:
    return json.dumps(sorted(numbers), separators=(",", ":"))


class _IsAmong(Func):
    """Whether a row is one of many: in one parameter, since the ORM takes longer over a thousand than the database."""

    output_field = models.BooleanField()

    def __init__(self, numbers: str) -> None:
        super().__init__(F("id"))
        # As JSON: [1,2,3].
        self.numbers = numbers

    def as_sql(self, compiler: SQLCompiler, connection: Any, *args: Any, **extra: Any) -> tuple[str, list[Any]]:
        """Return the condition's text and its one parameter."""
        del args, extra
        column, _params = compiler.compile(self.get_source_expressions()[0])
        if connection.vendor == "postgresql":
            return f"{column} = ANY(translate(%s, '[]', '{{}}')::bigint[])", [self.numbers]
        return f"{column} IN (SELECT value FROM json_each(%s))", [self.numbers]  # noqa: S608  (a column's name)
