"""Let a test's database be emptied although the audit log in it is append-only: its triggers are off meanwhile."""

from importlib import import_module
from pathlib import Path
from typing import Any

from django.conf import settings
from django.db import connection

from postroom.core.audit.head import NAME

_migration: Any = import_module("postroom.core.audit.migrations.0003_append_only")


def let_tests_empty_the_log() -> None:
    """Change the statements with which Django empties the tables after a test that commits."""
    operations: Any = type(connection.ops)
    usual = operations.sql_flush
    before, after = off_and_on()

    def sql_flush(self: Any, style: Any, tables: Any, **options: Any) -> list[str]:
        statements = list(usual(self, style, tables, **options))
        if _migration.TABLE not in tables:
            return statements
        # The head of a log that is not there any more would be missed.
        (Path(settings.POSTROOM_DATA) / NAME).unlink(missing_ok=True)
        return [*before, *statements, *after]

    operations.sql_flush = sql_flush


def off_and_on() -> tuple[list[str], list[str]]:
    """Return the statements that take the triggers away and bring them back."""
    table = _migration.TABLE
    if connection.vendor == "postgresql":
        return [f"ALTER TABLE {table} DISABLE TRIGGER USER"], [f"ALTER TABLE {table} ENABLE TRIGGER USER"]
    drop = [f"DROP TRIGGER IF EXISTS postroom_audit_{name}" for name in ("insert", "update", "delete")]
    return drop, list(_migration.SQLITE)
