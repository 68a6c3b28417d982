"""Read and write single rows by statements that are made once.

Django makes each statement anew: on the way of a mail that cost ten times the database's own share. For hot paths only.
"""
# ruff: noqa: S608, SLF001  (every name comes from a model's own _meta, which Django documents; values are parameters)

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import lru_cache
from typing import TYPE_CHECKING, Any, TypeVar

from django.db import DEFAULT_DB_ALIAS, connection, models
from django.db.models.base import ModelState

from postroom.lib.statements import mine, run

# Fields whose Python value is what the database driver takes; the others ask Django for each value.
_AS_THEY_ARE = (models.CharField, models.TextField, models.IntegerField, models.BooleanField, models.ForeignKey)
# SQLite takes 32,766 parameters at once, and no model of ours has a hundred columns.
_ROWS_AT_ONCE = 300

if TYPE_CHECKING:
    _Field = models.Field[Any, Any]
_Prepared = Callable[[Any], Any] | None
_Row = TypeVar("_Row", bound=models.Model)
_Computed = tuple[tuple[str, str], ...]


@dataclass(frozen=True)
class _Insert:
    """A statement, its given columns in order, and what the others get: `made` by a call or as it is `fixed`."""

    sql: str
    columns: tuple[tuple[str, _Prepared], ...]
    made: tuple[tuple[str, Callable[[], Any]], ...]
    fixed: Mapping[str, Any]

    def complete(self, values: dict[str, Any]) -> dict[str, Any]:
        """Return the values of a whole row."""
        return {**self.fixed, **{name: make() for name, make in self.made}, **values}

    def values(self, row: Mapping[str, Any]) -> list[Any]:
        return [prepared(row[name]) if prepared else row[name] for name, prepared in self.columns]


@dataclass(frozen=True)
class _Select:
    sql: str
    prepared: tuple[_Prepared, ...]
    converted: tuple[_Prepared, ...]


def create(model: type[_Row], /, *, computed: _Computed = (), **values: Any) -> _Row:
    """Save a new row of these values, named by attribute (`contact_id`), and of the other fields' defaults; return it.

    `computed` columns get an SQL expression and are not read back. The row is made without its model's __init__, which
    takes longer than the database.
    """
    statement = _insertion(model, mine().vendor, rows=1, computed=computed, ignore=False)
    whole = statement.complete(values)
    return _made(model, whole, run(statement.sql, statement.values(whole))[0][0])


def create_once(model: type[_Row], /, **values: Any) -> _Row | None:
    """Save a new row as `create` does; None when a row with the same unique value is there."""
    statement = _insertion(model, mine().vendor, rows=1, computed=(), ignore=True)
    whole = statement.complete(values)
    made = run(statement.sql, statement.values(whole))
    return _made(model, whole, made[0][0]) if made else None


def insert(row: models.Model, *, computed: _Computed = (), ignore: bool = False) -> bool:
    """Save a new row and give it its id; False when `ignore` is set and a row with the same unique value is there.

    `computed` columns get an SQL expression instead of the row's value. As with `bulk_create`, `save()` is not called,
    no signal is sent, and `auto_now` fields are not filled.
    """
    statement = _insertion(type(row), mine().vendor, rows=1, computed=computed, ignore=ignore)
    made = run(statement.sql, statement.values(row.__dict__))
    if not made:
        return False
    row.pk = made[0][0]
    row._state.adding, row._state.db = False, DEFAULT_DB_ALIAS
    return True


def create_all(model: type[models.Model], rows: Sequence[dict[str, Any]], *, ignore: bool = False) -> None:
    """Save rows as `create` does, in one statement and without their ids; `ignore` leaves out those there are."""
    for start in range(0, len(rows), _ROWS_AT_ONCE):
        some = rows[start : start + _ROWS_AT_ONCE]
        statement = _insertion(model, mine().vendor, rows=len(some), computed=(), ignore=ignore)
        run(statement.sql, [value for row in some for value in statement.values(statement.complete(row))])


def update(model: type[models.Model], pk: int, /, **values: Any) -> None:
    """Write these columns, named by attribute (`contact_id`), of the row with this id."""
    sql, prepared = _change(model, mine().vendor, tuple(values))
    given = [one(value) if one else value for one, value in zip(prepared, values.values(), strict=True)]
    run(sql, [*given, pk])


def find(
    model: type[models.Model], columns: tuple[str, ...], /, *, lock: bool = False, **equal: Any
) -> tuple[Any, ...] | None:
    """Return these columns of the oldest row with those values, None without one; `lock` holds it to the commit.

    SQLite locks nothing here: its transactions have the whole file from their first statement on.
    """
    statement = _selection(model, mine().vendor, columns, tuple(equal), lock=lock)
    given = [one(value) if one else value for one, value in zip(statement.prepared, equal.values(), strict=True)]
    rows = run(statement.sql, given)
    if not rows:
        return None
    return tuple([one(value) if one else value for one, value in zip(statement.converted, rows[0], strict=True)])


def first_of(model: type[_Row], /, *, lock: bool = False, **equal: Any) -> _Row | None:
    """Return the oldest row with those values as the model's instance, None without one; `lock` as with `find`."""
    names = _all_names(model)
    found = find(model, names, lock=lock, **equal)
    return None if found is None else model.from_db(DEFAULT_DB_ALIAS, names, found)


@lru_cache(maxsize=100)
def _all_names(model: type[models.Model]) -> tuple[str, ...]:
    return tuple(field.attname for field in model._meta.concrete_fields)


def _made(model: type[_Row], values: dict[str, Any], pk: Any) -> _Row:
    row = model.__new__(model)
    row._state = ModelState()
    row._state.adding, row._state.db = False, DEFAULT_DB_ALIAS
    row.__dict__.update(values)
    row.pk = pk
    return row


# `vendor` is part of each key since one process may speak with both engines.


@lru_cache(maxsize=512)
def _insertion(model: type[models.Model], vendor: str, *, rows: int, computed: _Computed, ignore: bool) -> _Insert:
    del vendor
    quote = connection.ops.quote_name
    expressions = dict(computed)
    fields = [f for f in model._meta.concrete_fields if not f.primary_key and f.column not in expressions]
    names = ", ".join(quote(name) for name in (*(field.column for field in fields), *expressions))
    one = f"({', '.join([*['%s'] * len(fields), *expressions.values()])})"
    sql = f"INSERT INTO {quote(model._meta.db_table)} ({names}) VALUES {', '.join([one] * rows)}"
    sql += " ON CONFLICT DO NOTHING" if ignore else ""
    sql += f" RETURNING {quote(model._meta.pk.column)}" if rows == 1 else ""
    columns = tuple((field.attname, _preparation(field)) for field in fields)
    others = [f for f in model._meta.concrete_fields if not f.primary_key and (f.null or f.has_default())]
    made = {field.attname: field.default for field in others if field.has_default() and callable(field.default)}
    optional = [field for field in others if field.attname not in made]
    return _Insert(sql, columns, tuple(made.items()), {field.attname: field.get_default() for field in optional})


@lru_cache(maxsize=512)
def _change(model: type[models.Model], vendor: str, names: tuple[str, ...]) -> tuple[str, tuple[_Prepared, ...]]:
    del vendor
    quote = connection.ops.quote_name
    fields = _named(model, names)
    changes = ", ".join(f"{quote(field.column)} = %s" for field in fields)
    key = quote(model._meta.pk.column)
    sql = f"UPDATE {quote(model._meta.db_table)} SET {changes} WHERE {key} = %s"
    return sql, tuple(map(_preparation, fields))


@lru_cache(maxsize=512)
def _selection(
    model: type[models.Model], vendor: str, names: tuple[str, ...], equal: tuple[str, ...], *, lock: bool
) -> _Select:
    quote = connection.ops.quote_name
    wanted, given = _named(model, names), _named(model, equal)
    columns = ", ".join(quote(field.column) for field in wanted)
    condition = " AND ".join(f"{quote(field.column)} = %s" for field in given)
    sql = (
        f"SELECT {columns} FROM {quote(model._meta.db_table)} WHERE {condition} ORDER BY {quote(model._meta.pk.column)}"
    )
    sql += " LIMIT 1"
    sql += " FOR NO KEY UPDATE" if lock and vendor == "postgresql" else ""
    return _Select(sql, tuple(map(_preparation, given)), tuple(map(_conversion, wanted)))


def _named(model: type[models.Model], names: tuple[str, ...]) -> "list[_Field]":
    by_name = {field.attname: field for field in model._meta.concrete_fields}
    return [by_name[name] for name in names]


def _preparation(field: "_Field") -> _Prepared:
    if isinstance(field, _AS_THEY_ARE):
        return None
    if isinstance(field, models.DateTimeField):
        return moment
    if isinstance(field, models.JSONField):
        return _json(field.encoder)
    return lambda value: field.get_db_prep_save(value, connection)


def moment(value: datetime | None) -> Any:
    """Return a moment as the driver takes it for a DateTimeField."""
    if value is None or mine().vendor == "postgresql":
        return value
    if value.tzinfo is UTC:
        # What Django writes, in a fifth of its time.
        return value.isoformat(" ")[:-6]
    return mine().ops.adapt_datetimefield_value(value)


def _json(encoder: Any) -> Callable[[Any], str | None]:
    """Either engine takes JSON as text."""
    if encoder is None:
        return lambda value: None if value is None else "[]" if value == [] else json.dumps(value)
    return lambda value: None if value is None else json.dumps(value, cls=encoder)


def _conversion(field: "_Field") -> _Prepared:
    expression = field.get_col(field.model._meta.db_table)
    steps = [*connection.ops.get_db_converters(expression), *field.get_db_converters(connection)]  # type: ignore[attr-defined]
    if not steps:
        return None

    def convert(value: Any) -> Any:
        for step in steps:
            value = step(value, expression, connection)
        return value

    return convert
