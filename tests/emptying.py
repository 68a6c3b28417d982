"""Let a test's database be emptied although the audit log in it is append-only: its triggers are off meanwhile."""

from importlib import import_module
from typing import Any

from django.db import connection

_migration: Any = import_module("postroom.core.audit.migrations.0003_append_only")


def let_tests_empty_the_log() -> None:
    """Change the statements with which Django empties the tables after a test that commits."""
    operations: Any = type(connection.ops)
    usual = operations.sql_flush
    before, after = _off_and_on()

    def sql_flush(self: Any, style: Any, tables: Any, **options: Any) -> list[str]:
        statements = list(usual(self, style, tables, **options))
        return [*before, *statements, *after] if _migration.TABLE in tables else statements

    operations.sql_flush = sql_flush


def _off_and_on() -> tuple[list[str], list[str]]:
    table = _migration.TABLE
    if connection.vendor == "postgresql":
        return [f"ALTER TABLE {table} DISABLE TRIGGER USER"], [f"ALTER TABLE {table} ENABLE TRIGGER USER"]
    drop = [f"DROP TRIGGER IF EXISTS postroom_audit_{name}" for name in ("insert", "update", "delete")]
    return drop, list(_migration.SQLITE)
