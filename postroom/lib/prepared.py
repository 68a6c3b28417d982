"""Statements of the ORM that are made once and run again with other values: for what every page asks.

To make a statement takes the ORM ten to thirty times as long as SQLite takes to answer it, and a page asks dozens. Here
a function that returns a query set is called once, with stand-ins for its arguments; the SQL that the ORM made of it is
kept, and from then on only values are put in. So the rules of access stay where they are, in the ORM's own words.
"""
# ruff: noqa: SLF001  (a model's own _meta, which Django documents)

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import cache, update_wrapper
from typing import Any, Generic, ParamSpec, TypeVar

from django.core.exceptions import EmptyResultSet
from django.db import DEFAULT_DB_ALIAS, models
from django.db.models.query import FlatValuesListIterable, ModelIterable, ValuesListIterable
from django.db.models.sql.compiler import SQLCompiler

from postroom.lib import clock
from postroom.lib.reading import Reader, reader
from postroom.lib.rows import moment
from postroom.lib.statements import mine, run

Given = ParamSpec("Given")
Row = TypeVar("Row")
Shape = tuple[Any, ...]

# What stands for a value while the statement is made; no id of ours comes near, and no date.
_NUMBER = 2_113_000_000
# With what a search by LIKE would escape: that is then found out.
_TEXT = "stands for a value: %_\\"
_PLAIN = re.compile(r"[A-Za-z_.]*")
_DAY = datetime(3017, 1, 1, tzinfo=UTC)
_NOW = _DAY - timedelta(days=1)


@dataclass(frozen=True)
class _Statement:
    """The text, its parameters, and how a row is read.

    `given` says which parameters are: place, number of the value, and the driver's type where it has one of its own.
    """

    sql: str
    fixed: tuple[Any, ...]
    given: tuple[tuple[int, int, Callable[[Any], Any] | None], ...]
    now: tuple[int, ...]
    read: Reader | None


class Prepared(Generic[Given, Row]):
    """What `prepared` makes of a function."""

    def __init__(self, build: Callable[Given, models.QuerySet[Any, Row]]) -> None:
        self._build: Callable[..., models.QuerySet[Any, Row]] = build
        self._made: dict[Shape, _Statement | None] = {}
        update_wrapper(self, build)

    def __call__(self, *given: Given.args, **shape: Given.kwargs) -> list[Row]:
        """Run it and return its rows."""
        connection = mine()
        found = self._statement(connection.vendor, given, shape)
        if found is None:
            return []
        rows = run(found.sql, _values(found, given), on=connection)
        return rows if found.read is None else found.read(rows)  # type: ignore[return-value]

    def statement(self, *given: Given.args, **shape: Given.kwargs) -> tuple[str, list[Any]] | None:
        """Return the text and its values, to be part of a greater statement; None when it could find nothing."""
        found = self._statement(mine().vendor, given, shape)
        return None if found is None else (found.sql, _values(found, given))

    def _statement(self, engine: str, given: Sequence[Any], shape: dict[str, Any]) -> _Statement | None:
        # The engine is part of it since one process may speak with both.
        key = (engine, *map(_shape, given), *shape.items())
        if key not in self._made:
            self._made[key] = _make(self._build, given, shape)
        return self._made[key]


def prepared(build: Callable[Given, models.QuerySet[Any, Row]]) -> Prepared[Given, Row]:
    """Let a function that returns a query set return the list of its rows, by a statement that is made once.

    Positional arguments are values: numbers, texts, moments, and lists of numbers or texts, which may stand in
    conditions only, as they are. A row stands for its id and its yes-or-no fields, no other field may be read.
    Arguments by name are part of the statement: there is one for each of their values, so they have to be few.
    `clock.now()` is asked at each run. Whatever does not come out as a parameter is a TypeError, at the first call.
    """
    return Prepared(build)


def _shape(value: Any) -> Any:
    if isinstance(value, models.Model):
        # Not `type`: who is signed in is a lazy object, which says it is a User.
        return (value.__class__, *[getattr(value, name) for name in _flags(value.__class__)])
    return (type(value[0]), _length(len(value))) if isinstance(value, (list, tuple)) and value else type(value)


def _length(n: int) -> int:
    """Round up, so that there are few statements: the last value is said again."""
    return n if n <= 4 else (n + 9) // 10 * 10 if n <= 100 else 1 << (n - 1).bit_length()


@cache
def _flags(model: type[models.Model]) -> tuple[str, ...]:
    return tuple(one.attname for one in model._meta.concrete_fields if isinstance(one, models.BooleanField))


def _values(statement: _Statement, given: Sequence[Any]) -> list[Any]:
    flat: list[Any] = []
    for one in given:
        if isinstance(one, (list, tuple)):
            plain = [moment(value) if isinstance(value, datetime) else value for value in one]
            flat += [*plain, *plain[-1:] * (_length(len(plain)) - len(plain))]
        elif isinstance(one, models.Model):
            flat.append(one.pk)
        else:
            flat.append(moment(one) if isinstance(one, datetime) else one)
    values = list(statement.fixed)
    for place, number, typed in statement.given:
        values[place] = typed(flat[number]) if typed else flat[number]
    if statement.now:
        now = moment(clock.now())
        for place in statement.now:
            values[place] = now
    return values


def _make(build: Callable[..., models.QuerySet[Any, Any]], given: Sequence[Any], shape: dict[str, Any]) -> Any:
    marks: list[Any] = []
    with clock.at(_NOW):
        rows = build(*[_stand_in(value, marks) for value in given], **shape)
    compiler = rows.query.get_compiler(rows.db)
    try:
        sql, params = compiler.as_sql()
    except EmptyResultSet:
        return None
    places = {place: marks.index(value) for place, value in enumerate(params) if value in marks}
    now = tuple(place for place, value in enumerate(params) if value == moment(_NOW))
    others = [value for place, value in enumerate(params) if place not in now and place not in places]
    # A person need not be asked for where their permissions, by name, say that they see all.
    unsaid = set(range(len(marks))) - set(places.values()) - _numbers_of_rows(given)
    if unsaid or any(str(mark) in str((sql, others)) for mark in marks):
        raise TypeError(f"{build.__qualname__} does more with its arguments than to compare with them: {sql}")
    if any(str(value).startswith((str(_DAY.year), str(_NOW.year))) for value in others):
        raise TypeError(f"{build.__qualname__} reckons with the present moment: {sql}")
    return _with_words(
        _Statement(
            sql,
            tuple(params),
            tuple((place, number, _typed(params[place])) for place, number in places.items()),
            now,
            _reading(rows, compiler),
        )
    )


def _with_words(made: _Statement) -> _Statement:
    """Say in the text itself what never changes, such as a status.

    An index of the open ones only is of no use to either engine where "open" comes later: PostgreSQL then reads every
    message to find the few that wait (measured: nine seconds in four million).
    """
    varying = {place for place, _number, _typed in made.given} | set(made.now)
    parts = made.sql.split("%s")
    if len(parts) != len(made.fixed) + 1:
        return made
    said = [None if place in varying else _word(value) for place, value in enumerate(made.fixed)]
    text = "".join(part + ("%s" if word is None else word) for part, word in zip(parts, [*said, ""], strict=True))
    kept = {place: at for at, place in enumerate(place for place, word in enumerate(said) if word is None)}
    return _Statement(
        text,
        tuple(made.fixed[place] for place in kept),
        tuple((kept[place], number, typed) for place, number, typed in made.given),
        tuple(kept[place] for place in made.now),
        made.read,
    )


def _word(value: Any) -> str | None:
    """Return a number or a plain word as SQL, None for all that would need more than a pair of quotes."""
    if isinstance(value, int) and not isinstance(value, bool):
        return str(int(value)) if value >= 0 else f"({int(value)})"
    return f"'{value}'" if isinstance(value, str) and _PLAIN.fullmatch(value) else None


def _typed(value: Any) -> Callable[[Any], Any] | None:
    # psycopg's Int8 and its like: the statement is prepared once and not for each size of a number.
    return None if type(value) in (int, str, datetime) else type(value)


def _numbers_of_rows(given: Sequence[Any]) -> set[int]:
    lengths = [_length(len(one)) if isinstance(one, (list, tuple)) else 1 for one in given]
    return {sum(lengths[:place]) for place, one in enumerate(given) if isinstance(one, models.Model)}


def _stand_in(value: Any, marks: list[Any]) -> Any:
    """Return what the function gets instead of a value, and add what is then looked for to the marks."""
    number = len(marks)
    if isinstance(value, (list, tuple)):
        longer = [*value, *value[-1:] * (_length(len(value)) - len(value))]
        return [_stand_in(one, marks) for one in longer]
    if isinstance(value, models.Model):
        marks.append(_NUMBER + number)
        flags = {name: getattr(value, name) for name in _flags(value.__class__)}
        # Any other field would be asked of the database, where there is no such row.
        return value.__class__.from_db(DEFAULT_DB_ALIAS, ["id", *flags], [_NUMBER + number, *flags.values()])
    if isinstance(value, datetime):
        marks.append(moment(_DAY + timedelta(seconds=number)))
        return _DAY + timedelta(seconds=number)
    if type(value) not in (int, str):
        raise TypeError(f"{value!r} is no value for a statement that is made once.")
    marks.append(_NUMBER + number if isinstance(value, int) else f"{_TEXT}{number}")
    return marks[-1]


def _reading(rows: models.QuerySet[Any, Any], compiler: SQLCompiler) -> Reader | None:
    kind, prefetched = rows._iterable_class, rows._prefetch_related_lookups  # type: ignore[attr-defined]
    if kind not in (ModelIterable, ValuesListIterable, FlatValuesListIterable) or prefetched:
        raise TypeError(f"Rows of this kind are not read here: {kind.__name__}, prefetched or not.")
    return reader(compiler, kind=kind)
