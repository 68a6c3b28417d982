"""Make rows of the driver into instances of models or plain values, as the ORM does, with all that can be known before.

Django's own way goes through each model's `__init__` and asks for the converters of each column at each query: sixty
people with their roles took it as long as a whole page may take.
"""
# ruff: noqa: SLF001  (a model's own _meta, which Django documents)

from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from functools import partial
from operator import itemgetter
from typing import Any

from django.db import DEFAULT_DB_ALIAS, connection, models
from django.db.models.base import ModelState
from django.db.models.query import FlatValuesListIterable, ModelIterable
from django.db.models.sql.compiler import SQLCompiler

Reader = Callable[[list[tuple[Any, ...]]], list[Any]]
_Conversion = Callable[[Any], Any]
_Make = Callable[[Sequence[Any]], Any]


def reader(compiler: SQLCompiler, *, kind: type) -> Reader | None:
    """Return what reads the rows of a compiled query set: instances, plain values or tuples; None: leave them so."""
    conversions = _conversions(compiler)
    if kind is ModelIterable:
        make: Any = _maker(compiler.klass_info or {}, compiler)
    else:
        make = itemgetter(0) if kind is FlatValuesListIterable else tuple if conversions else None
    if not conversions:
        return partial(_each, make) if make else None
    return partial(_converted, make, conversions)


def _each(make: _Make, rows: list[tuple[Any, ...]]) -> list[Any]:
    return [make(row) for row in rows]


def _converted(make: _Make, conversions: tuple[tuple[int, _Conversion], ...], rows: list[tuple[Any, ...]]) -> list[Any]:
    found = []
    for row in rows:
        values = list(row)
        for place, convert in conversions:
            # Nothing is read as nothing by every kind of column.
            if values[place] is not None:
                values[place] = convert(values[place])
        found.append(make(values))
    return found


def _conversions(compiler: SQLCompiler) -> tuple[tuple[int, _Conversion], ...]:
    columns = [column[0] for column in compiler.select[: compiler.col_count]]
    found = compiler.get_converters(columns)
    return tuple((place, _conversion(steps, expression)) for place, (steps, expression) in found.items())


def _conversion(steps: Sequence[Callable[..., Any]], expression: Any) -> _Conversion:
    if connection.vendor == "sqlite" and len(steps) == 1:
        if type(expression.output_field) is models.DateTimeField:
            return _moment
        if type(expression.output_field) is models.BooleanField:
            return _truth

    def convert(value: Any) -> Any:
        for step in steps:
            value = step(value, expression, connection)
        return value

    return convert


def _moment(value: Any) -> Any:
    """Do what Django does to a moment in SQLite, in a tenth of its time; all of them are UTC."""
    if isinstance(value, str):
        # As from an expression: the driver reads only columns that are declared as moments.
        value = datetime.fromisoformat(value)
    return value.replace(tzinfo=UTC) if value.tzinfo is None else value


def _truth(value: Any) -> Any:
    return bool(value) if value in (0, 1) else value


def _maker(info: dict[str, Any], compiler: SQLCompiler) -> _Make:
    """Return what makes an instance of a row, with the rows of other models that `select_related` brought."""
    model = info["model"]
    places = info["select_fields"]
    first, end = places[0], places[-1] + 1
    if places != list(range(first, end)) or info.get("from_parent") or compiler.annotation_col_map:
        raise TypeError(f"Instances of {model.__name__} are not made of such rows.")
    names = tuple(compiler.select[place][0].target.attname for place in places)
    key = first + names.index(model._meta.pk.attname)
    related = [(one["local_setter"], _maker(one, compiler)) for one in info.get("related_klass_infos", ())]

    def make(row: Sequence[Any]) -> Any:
        if row[key] is None:
            # Nothing stands on the other side of a foreign key.
            return None
        made = model.__new__(model)
        made._state = state = ModelState()
        state.adding, state.db = False, DEFAULT_DB_ALIAS
        made.__dict__.update(zip(names, row[first:end], strict=True))
        for put, other in related:
            put(made, other(row))
        return made

    return make
