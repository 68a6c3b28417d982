import pytest
from django.db import DatabaseError, connection, transaction

from postroom.core.audit.models import AuditEntry
from postroom.core.audit.write import write
from postroom.core.events.actor import SYSTEM

pytestmark = pytest.mark.django_db

_TABLE = "postroom_audit_auditentry"


def _refused(sql: str) -> bool:
    try:
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(sql)
    except DatabaseError as error:
        return "append-only" in str(error)
    return False


def test_the_database_itself_refuses_to_change_or_delete_an_entry() -> None:
    sealed, fresh = write("person.added", by=SYSTEM), write("person.added", by=SYSTEM)
    AuditEntry.objects.filter(pk=sealed.pk).update(seal=1, hash="a" * 64)

    for entry in (sealed, fresh):
        assert _refused(f"UPDATE {_TABLE} SET action = 'other' WHERE id = {entry.pk}")
        assert _refused(f"UPDATE {_TABLE} SET mac = '' WHERE id = {entry.pk}")
        assert _refused(f"DELETE FROM {_TABLE} WHERE id = {entry.pk}")
        with pytest.raises(DatabaseError, match="append-only"), transaction.atomic():
            AuditEntry.objects.get(pk=entry.pk).delete()
    assert _refused(f"UPDATE {_TABLE} SET seal = NULL, hash = '' WHERE id = {sealed.pk}")
    assert _refused(f"UPDATE {_TABLE} SET seal = 2 WHERE id = {sealed.pk}")
    assert _refused(f"UPDATE {_TABLE} SET seal = 2, hash = 'b', action = 'other' WHERE id = {fresh.pk}")
    assert AuditEntry.objects.filter(action="person.added").count() == 2


def test_no_entry_comes_with_a_seal_of_its_own() -> None:
    with pytest.raises(DatabaseError, match="append-only"), transaction.atomic():
        AuditEntry.objects.create(at="2026-01-01T00:00:00Z", action="x.y", actor_kind="user", seal=7)


@pytest.mark.sqlite
def test_replacing_a_row_is_refused_as_well() -> None:
    sealed, fresh = write("person.added", by=SYSTEM), write("person.added", by=SYSTEM)
    AuditEntry.objects.filter(pk=sealed.pk).update(seal=1, hash="a" * 64)

    columns = ", ".join(f'"{field.column}"' for field in AuditEntry._meta.concrete_fields if field.column != "seal")
    copied = f"INSERT OR REPLACE INTO {_TABLE} ({columns}) SELECT {columns} FROM {_TABLE} WHERE id = {sealed.pk}"
    assert _refused(copied)
    assert _refused(f"UPDATE OR REPLACE {_TABLE} SET seal = 1 WHERE id = {fresh.pk}")


@pytest.mark.postgres
def test_the_table_cannot_be_emptied() -> None:
    assert _refused(f"TRUNCATE {_TABLE}")


@pytest.mark.django_db(transaction=True)
def test_tests_that_commit_leave_an_empty_log_behind() -> None:
    write("person.added", by=SYSTEM)


@pytest.mark.django_db(transaction=True)
def test_and_the_next_one_finds_it_empty_and_closed() -> None:
    assert not AuditEntry.objects.exists()
    write("person.added", by=SYSTEM)
    assert _refused(f"DELETE FROM {_TABLE}")
