"""`postroom audit`: prove that nobody changed the audit log, and print the end of its chain to keep elsewhere."""

import json
from dataclasses import asdict

from django.db import DatabaseError, transaction

from postroom.core.audit import head as heads
from postroom.core.audit.operator import operator
from postroom.core.audit.sealing import seal
from postroom.core.audit.verify import Verdict, verify
from postroom.core.audit.write import write
from postroom.faces.cli.say import complain, say
from postroom.lib import clock

# sysexits.h
TRY_AGAIN = 75


def audit_verify(*, as_json: bool, head: str) -> int:
    """Walk the log and say what was changed. Return 1 when something was, 75 when the database cannot be used."""
    try:
        verdict = verify(asked=head.strip().lower())
    except DatabaseError as error:
        complain(f"The database cannot be used: {str(error).strip()}. Nothing was looked at; try again later.")
        return TRY_AGAIN
    if as_json:
        say(json.dumps(_plain(verdict), ensure_ascii=False))
    else:
        _tell(verdict)
    return 0 if verdict.good else 1


def audit_head(*, renew: bool) -> int:
    """Print the newest seal and its hash; `renew` lets the file follow a database that was brought back."""
    try:
        if renew:
            _renew()
        head = heads.of_database()
        say(f"{head.seal} {head.hash}")
        if not heads.is_kept():
            complain("The file audit.head does not fit this database. `postroom audit verify` says what is missing.")
            return 1
    except DatabaseError as error:
        complain(f"The database cannot be used: {str(error).strip()}. Try again later.")
        return TRY_AGAIN
    return 0


def _renew() -> None:
    """Let the file say what the database says, and the log that somebody did that."""
    try:
        old = heads.of_file() or heads.Head()
    except heads.HeadUnreadable:
        old = heads.Head()
    new = heads.of_database()
    if old == new:
        return
    with transaction.atomic():
        write(
            "audit.head_renewed",
            by=operator(),
            before={"seal": old.seal, "hash": old.hash},
            after={"seal": new.seal, "hash": new.hash},
        )
    heads.keep(new, at=clock.now())
    seal()


def _plain(verdict: Verdict) -> dict[str, object]:
    return {
        "good": verdict.good,
        "sealed": verdict.sealed,
        "unsealed": verdict.unsealed,
        "blanked": verdict.blanked,
        "head": asdict(verdict.head),
        "asked_at": verdict.asked_at,
        "n_faults": verdict.n_faults,
        "faults": [asdict(fault) for fault in verdict.faults],
    }


def _tell(verdict: Verdict) -> None:
    for fault in verdict.faults:
        say(fault.sentence)
    if verdict.n_faults > len(verdict.faults):
        say(f"And {verdict.n_faults - len(verdict.faults):,} more.")
    waiting = f", {verdict.unsealed:,} wait for their seal" if verdict.unsealed else ""
    erased = f", {verdict.blanked:,} without their personal values" if verdict.blanked else ""
    say(f"{verdict.sealed:,} sealed entries{waiting}{erased}. Head: {verdict.head.seal} {verdict.head.hash}")
    if verdict.asked_at is not None:
        say(f"The head you kept is seal {verdict.asked_at}: everything up to it is as it was then.")
    say("Nothing was changed." if verdict.good else "The log is NOT as it was written.")
