"""The bare SQL of a page: what Django asked, asked again through the driver alone."""

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

from django.db import connection

Statement = tuple[str, Any]
_FRAME = ("BEGIN", "COMMIT", "SAVEPOINT", "RELEASE", "ROLLBACK")


@contextmanager
def captured() -> Iterator[list[Statement]]:
    """Collect the statements of the block, without those that frame transactions."""
    found: list[Statement] = []

    def note(execute: Callable[..., Any], sql: str, params: Any, many: Any, context: Any) -> Any:
        if not sql.startswith(_FRAME):
            found.append((sql, params))
        return execute(sql, params, many, context)

    with connection.execute_wrapper(note):
        yield found


def times(statements: list[Statement], *, seconds: float) -> list[float]:
    """Repeat them for so long; return the milliseconds of each time. What they write is committed."""
    connection.ensure_connection()
    asked = [_for_driver(sql, params) for sql, params in statements]
    writes = any(sql.startswith(("INSERT", "UPDATE", "DELETE")) for sql, _params in asked)
    begin = "BEGIN IMMEDIATE" if connection.vendor == "sqlite" else "BEGIN"
    cursor = _plain_cursor(connection.connection)
    taken: list[float] = []
    until = time.monotonic() + seconds
    while not taken or time.monotonic() < until:
        started = time.perf_counter()
        if writes:
            cursor.execute(begin)
        for sql, params in asked:
            cursor.execute(sql, params)
            if cursor.description:
                cursor.fetchall()
        if writes:
            cursor.execute("COMMIT")
        taken.append((time.perf_counter() - started) * 1000)
    return taken


def _plain_cursor(driver: Any) -> Any:
    """Return a cursor of the driver's own: on PostgreSQL, Django's lets no statement be prepared."""
    if connection.vendor == "sqlite":
        return driver.cursor()
    from psycopg import Cursor

    driver.prepare_threshold = 0
    return Cursor(driver)


def timed(ask: Callable[[], object], *, seconds: float) -> list[float]:
    """Do it again and again for so long; return the milliseconds of each time."""
    taken: list[float] = []
    until = time.monotonic() + seconds
    while not taken or time.monotonic() < until:
        started = time.perf_counter()
        ask()
        taken.append((time.perf_counter() - started) * 1000)
    return taken


def _for_driver(sql: str, params: Any) -> Statement:
    if connection.vendor == "sqlite" and params:
        return sql % tuple("?" for _ in params), tuple(params)
    return sql, tuple(params) if params else ()
