"""Walking the lists of several mailboxes and statuses side by side, each along its own index."""

from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any, NamedTuple

from django.core.exceptions import EmptyResultSet
from django.db import connection
from django.db.models import Q, QuerySet

from postroom.core.conversations.condition.plan import Plan
from postroom.core.conversations.models import Conversation

# SQLite joins no more than 500 parts.
_MOST_PARTS = 400
# Stand where each part has its own.
_STATUS, _MAILBOX = "\x1astatus", -(10**15)


class Lane(NamedTuple):
    """A sort is one lane after another; each has an order that an index gives."""

    where: Q
    by: str = "last_activity_at"
    descending: bool = True


class Place(NamedTuple):
    """A conversation's place in its lane."""

    id: int
    at: datetime


def places_of(plan: Plan, rows: QuerySet[Conversation], lane: Lane, *, limit: int) -> list[Place]:
    """Return the first of the rows, in their order; `rows` are ordered and not cut."""
    return _run(_parts(plan, rows, lane, start=0, stop=limit), lane, limit=limit)


def ends_of(plan: Plan, rows: QuerySet[Conversation], lane: Lane, *, stretch: int) -> list[Place]:
    """Return where each list that is longer than its share of the stretch would end, the nearest end first."""
    parts = max(_how_many(plan), 1)
    share = stretch // parts
    return _run(_parts(plan, rows, lane, start=share, stop=share + 1), lane, limit=parts)


def _how_many(plan: Plan) -> int:
    if plan.few is not None:
        return 1
    return len(plan.statuses) * (1 if plan.lead else len(plan.mailboxes))


class _Statement(NamedTuple):
    sql: str
    params: tuple[Any, ...]


def _parts(plan: Plan, rows: QuerySet[Conversation], lane: Lane, *, start: int, stop: int) -> list[_Statement]:
    """Return the statement for each list that the plan walks.

    Over several mailboxes or statuses at once the planner of either engine sorts them all, or walks the wrong index.
    The statement is made once: to compile it takes Django longer than the database takes to run it.
    """
    if plan.few is not None or _how_many(plan) > _MOST_PARTS:
        rows = rows.filter(status__in=plan.statuses, mailbox_id__in=plan.mailboxes)
    elif plan.lead:
        rows = rows.filter(plan.lead, status=_STATUS, mailbox_id__in=plan.mailboxes)
    else:
        rows = rows.filter(status=_STATUS, mailbox_id=_MAILBOX)
    try:
        sql, params = rows.values_list("pk", lane.by)[start:stop].query.sql_with_params()
    except EmptyResultSet:
        # Django knows already that nothing can match.
        return []
    if _STATUS not in params:
        return [_Statement(sql, params)]
    mailboxes = plan.mailboxes if _MAILBOX in params else (0,)
    return [
        _Statement(sql, tuple({_STATUS: status, _MAILBOX: mailbox}.get(one, one) for one in params))
        for status in plan.statuses
        for mailbox in mailboxes
    ]


def _run(parts: Sequence[_Statement], lane: Lane, *, limit: int) -> list[Place]:
    """Run the parts as one UNION ALL (Django's own refuses ordered parts on SQLite), and keep the first of all."""
    if not parts:
        return []
    order = "DESC" if lane.descending else "ASC"
    union = " UNION ALL ".join(f"SELECT * FROM ({part.sql}) AS part" for part in parts)  # noqa: S608
    # Only placeholders and the ORM's own SQL are in the text.
    sql = f"SELECT * FROM ({union}) AS parts ORDER BY 2 {order}, 1 {order} LIMIT {int(limit)}"  # noqa: S608
    with connection.cursor() as cursor:
        cursor.execute(sql, [value for part in parts for value in part.params])
        return [Place(row_id, _moment(at)) for row_id, at in cursor.fetchall()]


def _moment(value: datetime | str) -> datetime:
    """SQLite keeps a moment as a text in UTC."""
    found = datetime.fromisoformat(value) if isinstance(value, str) else value
    return found if found.tzinfo else found.replace(tzinfo=UTC)
