"""Put rows beside those they belong to, as `prefetch_related` does, for rows of statements that are made once."""
# ruff: noqa: SLF001  (where Django itself looks for what was prefetched)

from collections.abc import Callable, Sequence
from typing import Any

from django.db import models


def put_beside(rows: Sequence[models.Model], name: str, find: Callable[[list[int]], Sequence[Any]]) -> None:
    """Let `row.<name>.all()` of each row be what `find` returns for their ids, in its order: one query.

    Nothing can be filtered further: that is a TypeError, as for a slice.
    """
    if not rows:
        return
    field = rows[0]._meta.get_field(name)
    assert isinstance(field, models.ManyToOneRel)
    by_row: dict[int, list[Any]] = {row.pk: [] for row in rows}
    for one in find(list(by_row)):
        by_row[getattr(one, field.field.attname)].append(one)
    for row in rows:
        for one in by_row[row.pk]:
            field.field.set_cached_value(one, row)
        if not hasattr(row, "_prefetched_objects_cache"):
            row._prefetched_objects_cache = {}  # type: ignore[attr-defined]
        row._prefetched_objects_cache[field.cache_name] = _known(field.related_model, by_row[row.pk])  # type: ignore[attr-defined]


def _known(model: Any, found: list[Any]) -> "models.QuerySet[Any]":
    rows: models.QuerySet[Any] = models.QuerySet(model)
    # The query itself says nothing of the row: a limit lets nobody ask it for more than is here.
    rows.query.set_limits(high=len(found) or 1)
    rows._result_cache = found
    rows._prefetch_done = True  # type: ignore[attr-defined]
    return rows
