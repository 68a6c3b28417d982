"""Many write, rounds seal, some are killed: each entry is sealed once, and the chain is right."""

import json
import subprocess
import sys
import threading
import time
from random import Random

import pytest
from django.db import connection, transaction

from postroom.core.audit import head as heads
from postroom.core.audit.models import AuditEntry
from postroom.core.audit.sealing import seal
from postroom.core.audit.verify import verify
from postroom.core.audit.write import write
from postroom.core.events.actor import SYSTEM
from postroom.faces.cli.audit import audit_head, audit_verify
from tests.servers.postroom import Installation

pytestmark = pytest.mark.django_db(transaction=True)

_SEAL = "import django; django.setup(); from postroom.core.audit.sealing import seal; print(seal())"


def test_two_writers_and_two_sealers_at_once_lose_nothing() -> None:
    writing = [threading.Thread(target=_write, args=(number,)) for number in range(2)]
    over = threading.Event()
    sealing = [threading.Thread(target=_seal, args=(over,)) for _ in range(2)]
    for one in (*writing, *sealing):
        one.start()
    for one in writing:
        one.join()
    over.set()
    for one in sealing:
        one.join()
    while seal():
        pass

    verdict = verify()
    assert (verdict.faults, verdict.sealed, verdict.unsealed) == ([], 80, 0)
    assert set(AuditEntry.objects.values_list("subject", flat=True)) == {
        f"w:{w}-{n}" for w in (0, 1) for n in range(40)
    }


def _write(number: int) -> None:
    chance = Random(number)
    for n in range(40):
        with transaction.atomic():
            write("person.role", by=SYSTEM, subject=f"w:{number}-{n}")
            # On PostgreSQL a lower id is then often committed after a higher one.
            time.sleep(chance.random() / 100)
    connection.close()


def _seal(over: threading.Event) -> None:
    while not over.is_set():
        seal(limit=3)
    connection.close()


def test_a_sealer_that_is_killed_leaves_a_right_chain(installation: Installation) -> None:
    for place in ("audit_sealing", "audit_sealed"):
        for _ in range(3):
            write("person.role", by=SYSTEM)
        killed = _process(installation, kill_at=place)
        assert killed.returncode == -9, killed.stderr
        # The file may be behind, never ahead: nothing that was not lost is missed.
        assert verify().good
    assert heads.of_database().seal == 6
    for _ in range(3):
        write("person.role", by=SYSTEM)

    assert _process(installation).stdout == b"3\n"
    verdict = verify()
    assert (verdict.faults, verdict.sealed, verdict.unsealed) == ([], 9, 0)
    assert heads.of_file() == heads.of_database()


def _process(installation: Installation, *, kill_at: str = "") -> subprocess.CompletedProcess[bytes]:
    settings = {"DJANGO_SETTINGS_MODULE": "postroom.wiring.settings", "POSTROOM_TEST_KILL_AT": kill_at}
    return subprocess.run(
        [sys.executable, "-c", _SEAL],
        env=installation.environment | settings,
        capture_output=True,
        timeout=60,
        check=False,
    )


def test_the_command_says_what_was_changed(installation: Installation, capsys: pytest.CaptureFixture[str]) -> None:
    write("person.role", by=SYSTEM)
    seal()
    good = installation.command("audit", "verify")
    assert good.returncode == 0, good.stderr
    assert b"Nothing was changed." in good.stdout
    assert audit_head(renew=False) == 0
    assert capsys.readouterr().out.split() == ["1", heads.of_database().hash]
    assert audit_verify(as_json=False, head="f" * 64) == 1

    heads.keep(heads.Head(5, "e" * 64), at=AuditEntry.objects.get().at)
    capsys.readouterr()
    assert audit_verify(as_json=True, head="") == 1
    assert [fault["kind"] for fault in json.loads(capsys.readouterr().out)["faults"]] == ["cut"]
    assert audit_head(renew=False) == 1
    assert audit_head(renew=True) == 0
    assert AuditEntry.objects.get(action="audit.head_renewed").before["seal"] == 5
    assert verify().good
