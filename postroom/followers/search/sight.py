"""What somebody may see, asked in two ways: a quick one of the index, and the rule itself for every hit."""

import json
from collections.abc import Collection
from dataclasses import dataclass
from typing import Any

from django.db import models
from django.db.models import Case, F, Func, Q, Value, When
from django.db.models.sql.compiler import SQLCompiler

from postroom.core.accounts.models import Membership, User
from postroom.core.conversations.models import Conversation
from postroom.followers.search import marks
from postroom.followers.search.vocabulary import scopes

# Whoever sees more than this share of all messages is asked about each hit: quicker than to name their mailboxes.
_MOST_OF_IT = 0.2


@dataclass(frozen=True)
class Sight:
    """The marks of what somebody may see at most, nothing where that is most of it; which share of hits counts."""

    scopes: tuple[str, ...]
    share: float


def seen_among(conversation_ids: Collection[int], *, user: User, within: Q | None) -> set[int]:
    """Return which of these conversations this person sees and the further condition holds for."""
    if not conversation_ids:
        return set()
    rows = Conversation.objects.visible_to(user).filter(Q(_IsAmong(conversation_ids)))
    if not within:
        return set(rows.values_list("pk", flat=True))
    # A column and no condition: SQLite would rather walk an index of all mailboxes and look for the numbers in it.
    counts = Case(When(within, then=Value(value=True)), default=Value(value=False), output_field=models.BooleanField())
    return {pk for pk, counted in rows.annotate(counted=counts).values_list("pk", "counted") if counted}


def sight_of(user: User) -> Sight:
    """Return what this person may see at most."""
    numbers = Membership.objects.filter(user=user).values_list("mailbox_id", flat=True)
    own = (*sorted(map(marks.of_mailbox, numbers)), marks.SENSITIVE)
    counted = scopes()
    everything = sum(counted.values())
    share = sum(counted.get(one, 0) for one in own) / everything if everything else 1.0
    return Sight((), share) if share > _MOST_OF_IT or not everything else Sight(own, 1.0)


class _IsAmong(Func):
    """Whether a row is one of many: in one parameter, since the ORM takes longer over a thousand than the database."""

    output_field = models.BooleanField()

    def __init__(self, ids: Collection[int]) -> None:
        super().__init__(F("id"))
        self.ids = sorted(ids)

    def as_sql(self, compiler: SQLCompiler, connection: Any, *args: Any, **extra: Any) -> tuple[str, list[Any]]:
        """Return the condition's text and its one parameter."""
        del args, extra
        column, _params = compiler.compile(self.get_source_expressions()[0])
        if connection.vendor == "postgresql":
            return f"{column} = ANY(%s)", [self.ids]
        return f"{column} IN (SELECT value FROM json_each(%s))", [json.dumps(self.ids)]  # noqa: S608  (a column's name)
