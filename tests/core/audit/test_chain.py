"""Whoever changes the database behind our back is found. The triggers are dropped first, as such a person would."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.db import connection

from postroom.core.accounts.models import User
from postroom.core.audit import head as heads
from postroom.core.audit import proofs
from postroom.core.audit.models import AuditEntry
from postroom.core.audit.origin import Origin, coming_from
from postroom.core.audit.sealing import LATE, seal, unsealed
from postroom.core.audit.verify import verify
from postroom.core.audit.write import write
from postroom.core.events.actor import SYSTEM
from postroom.lib import clock
from tests.emptying import off_and_on

pytestmark = pytest.mark.django_db
_TABLE = "postroom_audit_auditentry"


@pytest.fixture(autouse=True)
def _own_data(settings: Any, tmp_path: Path) -> None:
    """A head file of this test's own."""
    settings.POSTROOM_DATA = tmp_path


def _written(n: int, *, by: User | None = None) -> list[AuditEntry]:
    with coming_from(Origin(ip="192.0.2.7", device="Firefox \udce9 on Windows")):
        return [
            write(
                "person.role",
                by=by or SYSTEM,
                subject=f"person:{number}",
                subject_name=f"Zoë {number}",
                before={"role": "agent", "list": ["b", "a"], "n": 3, "share": 0.25, "nul": "a\0b"},
                after={"role": "owner", "none": None, "yes": True},
                reason="She asked.\n",
            )
            for number in range(n)
        ]


@contextmanager
def _mallory() -> Iterator[Callable[..., None]]:
    """Somebody with the database, who has dropped the triggers."""
    off, on = off_and_on()

    def do(sql: str, *values: str | int | None) -> None:
        with connection.cursor() as cursor:
            cursor.execute(sql.replace("LOG", _TABLE), values)

    for statement in off:
        do(statement)
    yield do
    for statement in on:
        do(statement)


def _kinds() -> list[tuple[str, int | None]]:
    return [(fault.kind, fault.seal) for fault in verify().faults]


def test_what_nobody_touched_is_proven_by_an_engine_that_stores_it_its_own_way(alice: User) -> None:
    _written(3, by=alice)
    assert (seal(), seal()) == (3, 0)
    _written(2)
    assert seal(limit=1) == 1

    verdict = verify()
    assert (verdict.good, verdict.sealed, verdict.unsealed) == (True, 4, 1)
    assert verdict.head == heads.of_database() == heads.of_file()
    assert list(AuditEntry.objects.order_by("id").values_list("seal", flat=True)) == [1, 2, 3, 4, None]


def test_each_changed_value_is_found_and_named() -> None:
    entry = _written(3)[1]
    seal()
    changes = {
        "at": entry.at + timedelta(seconds=1),
        "action": "other",
        "actor_kind": "user",
        "actor_id": 5,
        "actor_name": "Bob",
        "ip": "192.0.2.8",
        "device": "",
        "subject": "person:9",
        "subject_name": "",
        "mailbox_id": 1,
        "conversation_id": 1,
        "before": "{}",
        "after": '{"role": "admin"}',
        "reason": "",
        "digests": "a.b c.d e.f",
        "mac": "0" * 64,
    }
    assert set(changes) == {field.column for field in AuditEntry._meta.concrete_fields} - {"id", "seal", "hash"}
    for column, value in changes.items():
        before = AuditEntry.objects.filter(pk=entry.pk).values_list(column, flat=True).get()
        with _mallory():
            AuditEntry.objects.filter(pk=entry.pk).update(**{column: value if column != "before" else {}})
            found = _kinds()
            assert ("changed", 2) in found, column
            assert {seal for _kind, seal in found} <= {2, 3}, column
            AuditEntry.objects.filter(pk=entry.pk).update(**{column: before})
        assert verify().good, column


def test_a_deleted_entry_is_missing() -> None:
    second = _written(4)[1]
    seal()
    with _mallory() as do:
        do("DELETE FROM LOG WHERE id = %s", second.pk)
    assert _kinds() == [("missing", 2)]


def test_closing_the_gap_does_not_help() -> None:
    second = _written(4)[1]
    seal()
    with _mallory() as do:
        do("DELETE FROM LOG WHERE id = %s", second.pk)
        for old in (3, 4):
            do("UPDATE LOG SET seal = %s WHERE seal = %s", old - 1, old)
    assert {("broken", 2), ("cut", 4)} <= set(_kinds())


def test_an_end_that_was_cut_off_is_missed() -> None:
    _written(5)
    seal()
    with _mallory() as do:
        do("DELETE FROM LOG WHERE seal > 3")
    assert _kinds() == [("cut", 4)]
    # And it stays missed: what is sealed from now on does not hide it.
    _written(4)
    seal()
    assert ("rewritten", 5) in _kinds()
    _written(4)
    seal()
    assert ("rewritten", 5) in _kinds()


def test_a_whole_log_that_was_thrown_away_is_missed() -> None:
    _written(2)
    seal()
    with _mallory() as do:
        do("DELETE FROM LOG")
    assert _kinds() == [("cut", 1)]


def test_an_invented_entry_is_found_sealed_or_not() -> None:
    _written(2)
    seal()
    columns = "action, actor_kind, actor_name, ip, device, subject, subject_name, before, after, reason, digests, mac"
    copied = (
        f"INSERT INTO LOG (at, {columns}, seal, hash) SELECT at, 'invented', actor_kind, actor_name, ip, device, "
        "subject, subject_name, before, after, reason, digests, mac, %s, %s FROM LOG WHERE seal = 1"
    )
    with _mallory() as do:
        do(copied, None, "")
    assert _kinds() == [("changed", None)]
    seal()
    assert _kinds() == [("changed", 3)]
    with _mallory() as do:
        do(copied, 4, "f" * 64)
    assert _kinds() == [("changed", 3), ("changed", 4)]


def test_two_entries_that_changed_places_are_found() -> None:
    _written(3)
    seal()
    with _mallory() as do:
        for old, new in ((1, 99), (2, 1), (99, 2)):
            do("UPDATE LOG SET seal = %s WHERE seal = %s", new, old)
    assert ("broken", 1) in _kinds()


def test_an_own_chain_without_our_key_does_not_pass(settings: Any) -> None:
    _written(3)
    seal()
    key, settings.POSTROOM_AUDIT_KEY = settings.POSTROOM_AUDIT_KEY, b"Mallory's"
    with _mallory():
        for entry in AuditEntry.objects.all():
            entry.action = "nothing.happened"
            proofs.prove(entry)
            entry.save()
    settings.POSTROOM_AUDIT_KEY = key
    assert {kind for kind, _seal in _kinds()} == {"changed"}


def test_a_head_kept_elsewhere_is_looked_for() -> None:
    _written(2)
    seal()
    kept = heads.of_database().hash
    _written(1)
    seal()
    assert verify(asked=kept).asked_at == 2
    with _mallory() as do:
        do("DELETE FROM LOG WHERE seal >= 2")
    heads.keep(heads.of_database(), at=clock.now())
    assert verify().good
    assert [fault.kind for fault in verify(asked=kept).faults] == ["asked_head_missing"]


def test_a_head_file_that_is_gone_or_garbled_is_said(tmp_path: Path) -> None:
    _written(1)
    seal()
    (tmp_path / "audit.head").write_text("{")
    assert _kinds() == [("head_unreadable", None)]
    (tmp_path / "audit.head").unlink()
    assert _kinds() == [("no_head", None)]
    _written(1)
    seal()
    assert _kinds() == [("no_head", None)]


def test_personal_values_can_be_blanked_one_day_and_the_rest_stays_proven() -> None:
    entry = _written(3)[1]
    seal()
    who, where, what = AuditEntry.objects.get(pk=entry.pk).digests.split(" ")
    without = f".{who.partition('.')[2]} .{where.partition('.')[2]} {what}"
    with _mallory():
        AuditEntry.objects.filter(pk=entry.pk).update(actor_name="", ip="", device="", digests=without)
    assert _kinds() == [("blanked", 2)]

    write("audit.erased", by=SYSTEM, subject=f"entries:{entry.pk}-{entry.pk}")
    verdict = verify()
    assert (verdict.good, verdict.blanked) == (True, 1)

    with _mallory():
        AuditEntry.objects.filter(pk=entry.pk).update(actor_name="Bob")
    assert _kinds() == [("changed", 2)]


def test_what_nobody_seals_is_late_after_a_minute() -> None:
    with clock.at(clock.now() - LATE - timedelta(seconds=1)):
        _written(2)
    _written(1)
    assert unsealed(before=clock.now() - LATE) == 2


def test_a_walk_reads_a_thousand_at_a_time(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("postroom.core.audit.verify._AT_ONCE", 2)
    _written(5)
    seal()
    assert verify().sealed == 5
