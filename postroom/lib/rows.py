"""Read and write single rows by statements that are made once.

Django makes each statement anew: on the way of a mail that cost ten times the database's own share. For hot paths only.
"""
# ruff: noqa: S608, SLF001  (every name comes from a model's own _meta, which Django documents; values are parameters)

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING, Any

from django.db import connection, models

from postroom.lib.statements import run

# Fields whose Python value is what the database driver takes; the others ask Django for each value.
_AS_THEY_ARE = (models.CharField, models.TextField, models.IntegerField, models.BooleanField, models.ForeignKey)
# SQLite takes 32,766 parameters at once, and no model of ours has a hundred columns.
_ROWS_AT_ONCE = 300

if TYPE_CHECKING:
    _Field = models.Field[Any, Any]
_Prepared = Callable[[Any], Any] | None


@dataclass(frozen=True)
class _Insert:
    sql: str
    columns: tuple[tuple[str, _Prepared], ...]

    def values(self, rows: Sequence[models.Model]) -> list[Any]:
        return [
            prepared(getattr(row, name)) if prepared else getattr(row, name)
            for row in rows
            for name, prepared in self.columns
        ]


@dataclass(frozen=True)
class _Select:
    sql: str
    prepared: tuple[_Prepared, ...]
    converted: tuple[Callable[[Any], Any], ...]


def insert(row: models.Model, *, computed: tuple[tuple[str, str], ...] = (), ignore: bool = False) -> bool:
    """Save a new row and give it its id; False when `ignore` is set and a row with the same unique value is there.

    `computed` columns get an SQL expression instead of the row's value. As with `bulk_create`, `save()` is not called,
    no signal is sent, and `auto_now` fields are not filled.
    """
    statement = _insertion(type(row), connection.vendor, rows=1, computed=computed, ignore=ignore)
    made = run(statement.sql, statement.values([row]))
    if not made:
        return False
    row.pk = made[0][0]
    row._state.adding, row._state.db = False, connection.alias
    return True


def insert_all(rows: Sequence[models.Model], *, ignore: bool = False) -> None:
    """Save new rows of one model in one statement, without learning their ids; `ignore` leaves out those there are."""
    for start in range(0, len(rows), _ROWS_AT_ONCE):
        some = rows[start : start + _ROWS_AT_ONCE]
        statement = _insertion(type(some[0]), connection.vendor, rows=len(some), computed=(), ignore=ignore)
        run(statement.sql, statement.values(some))


def update(model: type[models.Model], pk: int, /, **values: Any) -> None:
    """Write these columns, named by attribute (`contact_id`), of the row with this id."""
    sql, prepared = _change(model, connection.vendor, tuple(values))
    given = [one(value) if one else value for one, value in zip(prepared, values.values(), strict=True)]
    run(sql, [*given, pk])


def find(
    model: type[models.Model], columns: tuple[str, ...], /, *, lock: bool = False, **equal: Any
) -> tuple[Any, ...] | None:
    """Return these columns of the oldest row with those values, None without one; `lock` holds it to the commit.

    SQLite locks nothing here: its transactions have the whole file from their first statement on.
    """
    statement = _selection(model, connection.vendor, columns, tuple(equal), lock=lock)
    given = [one(value) if one else value for one, value in zip(statement.prepared, equal.values(), strict=True)]
    rows = run(statement.sql, given)
    return tuple(convert(value) for convert, value in zip(statement.converted, rows[0], strict=True)) if rows else None


# `vendor` is part of each key since one process may speak with both engines.


@lru_cache(maxsize=512)
def _insertion(
    model: type[models.Model], vendor: str, *, rows: int, computed: tuple[tuple[str, str], ...], ignore: bool
) -> _Insert:
    del vendor
    quote = connection.ops.quote_name
    expressions = dict(computed)
    fields = [f for f in model._meta.concrete_fields if not f.primary_key and f.column not in expressions]
    names = ", ".join(quote(name) for name in (*(field.column for field in fields), *expressions))
    one = f"({', '.join([*['%s'] * len(fields), *expressions.values()])})"
    sql = f"INSERT INTO {quote(model._meta.db_table)} ({names}) VALUES {', '.join([one] * rows)}"
    sql += " ON CONFLICT DO NOTHING" if ignore else ""
    sql += f" RETURNING {quote(model._meta.pk.column)}" if rows == 1 else ""
    return _Insert(sql, tuple((field.attname, _preparation(field)) for field in fields))


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
    operations = connection.ops
    if isinstance(field, models.DateTimeField):
        return operations.adapt_datetimefield_value
    if isinstance(field, models.JSONField):
        encoder = field.encoder
        return lambda value: None if value is None else operations.adapt_json_value(value, encoder)
    return lambda value: field.get_db_prep_save(value, connection)


def _conversion(field: "_Field") -> Callable[[Any], Any]:
    expression = field.get_col(field.model._meta.db_table)
    steps = [*connection.ops.get_db_converters(expression), *field.get_db_converters(connection)]  # type: ignore[attr-defined]

    def convert(value: Any) -> Any:
        for step in steps:
            value = step(value, expression, connection)
        return value

    return convert
