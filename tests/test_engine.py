"""The tests run on the engines that people run on."""

import os
from pathlib import Path

import pytest
from django.db import connection


def _ask(sql: str) -> str:
    with connection.cursor() as cursor:
        cursor.execute(sql)
        return str(cursor.fetchone()[0])


@pytest.mark.sqlite
def test_sqlite_is_a_file_in_wal_mode_that_survives_a_power_cut(db: None) -> None:
    assert Path(connection.settings_dict["NAME"]).parent == Path(os.environ["POSTROOM_DATA"])
    assert _ask("PRAGMA journal_mode") == "wal"
    assert _ask("PRAGMA synchronous") == "2"


@pytest.mark.postgres
def test_postgresql_is_a_cluster_of_our_own(db: None) -> None:
    assert _ask("SELECT current_database()") == "test_postroom"
    assert _ask("SHOW listen_addresses") == ""
    assert _ask("SHOW data_directory").startswith(os.environ["POSTROOM_DATABASE_URL"].partition("host=")[2])
