"""Run a statement on the driver itself, inside the transaction that Django opened: for the hottest paths only.

Django's own cursors cost as much again as the database's work on a row; on PostgreSQL they also let no statement be
prepared, and planning an insert takes longer than inserting.
"""

import threading
from collections.abc import Sequence
from functools import lru_cache
from typing import Any

from django.db import DEFAULT_DB_ALIAS, connections

_threads = threading.local()


def mine() -> Any:
    """Return the connection that Django uses here and now.

    It is not kept: Django has one for each context and not for each thread, and what was kept would write beside the
    transaction that is open.
    """
    return connections[DEFAULT_DB_ALIAS]


def run(sql: str, values: Sequence[Any], *, on: Any = None) -> list[tuple[Any, ...]]:
    """Run SQL with `%s` for values as the driver takes them, and return its rows; Django's exceptions, as ever.

    `on` is the connection, where the caller has just asked for it.
    """
    connection = on or mine()
    unproven = connection.health_check_enabled and not connection.health_check_done
    if connection.connection is None or unproven or connection.execute_wrappers or connection.force_debug_cursor:
        # Not open yet, or not asked since the last request whether it still is (the database may have been started
        # anew), or somebody watches (a test that counts statements).
        with connection.cursor() as cursor:
            cursor.execute(sql, values)
            return list(cursor.fetchall()) if cursor.description else []
    connection.validate_no_broken_transaction()
    with connection.wrap_database_errors:
        return _run(connection, sql, values)


def _run(connection: Any, sql: str, values: Sequence[Any]) -> list[tuple[Any, ...]]:
    if connection.vendor == "sqlite":
        cursor = connection.connection.execute(_with_question_marks(sql), values)
        return list(cursor.fetchall())
    cursor = _plain_cursor(connection.connection)
    cursor.execute(sql, values)
    # Not cursor.description, which makes an object for each column.
    return list(cursor.fetchall()) if cursor.pgresult.nfields else []


def _plain_cursor(driver: Any) -> Any:
    """Return the driver's own cursor, kept as long as this thread's connection: making one costs as much as its use."""
    held = getattr(_threads, "cursor", None)
    if held is None or held.connection is not driver:
        from psycopg import Cursor

        held = _threads.cursor = Cursor(driver)
    return held


@lru_cache(maxsize=512)
def _with_question_marks(sql: str) -> str:
    return sql.replace("%s", "?").replace("%%", "%")
