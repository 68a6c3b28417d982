"""Seal what was written: each entry gets its place in the chain and the hash over it and everything before.

Entries are written by many at once and unsealed, so that nobody waits for a chain. One round at a time takes all that
are visible and have no seal. The trap of events/log.py (on PostgreSQL a lower id may become visible later) is none
here: what comes late has no seal yet and is taken the next time. So is what a killed round had taken.
"""

import time
from datetime import datetime, timedelta

from django.db import connection, transaction

from postroom.core.audit import head as heads
from postroom.core.audit.head import Head
from postroom.core.audit.models import AuditEntry
from postroom.core.audit.proofs import link
from postroom.core.audit.refusals import tell_of_refusals
from postroom.lib import clock
from postroom.lib.killpoint import killpoint

# Each seal is a commit and two writes to the disk; a second's worth of entries shares them.
_PAUSE_SECONDS = 1.0
# Older than that and nobody is sealing.
LATE = timedelta(minutes=1)
_AT_ONCE = 500
# PostgreSQL's advisory locks are one room of numbers for everybody ("audi").
_LOCK = 0x61756469 << 31

_last = 0.0


def seal_next() -> bool:
    """Seal what waits, once a second at most; tell whether there is more."""
    global _last  # noqa: PLW0603  (one round in one thread of one worker)
    if time.monotonic() - _last < _PAUSE_SECONDS:
        return False
    tell_of_refusals()
    sealed = seal()
    if sealed < _AT_ONCE:
        _last = time.monotonic()
    return sealed == _AT_ONCE


def seal(*, limit: int = _AT_ONCE) -> int:
    """Seal up to so many entries, oldest first, and return how many; 0 also when somebody else is at it."""
    if not unsealed(before=None):
        return 0
    now = clock.now()
    # Looked at before anything is added: once the chain is not the one the file speaks of, the file has to stay.
    kept = heads.is_kept()
    if kept and heads.of_file() is None:
        # From the very first seal on there is a file, so that one that is missing says something.
        heads.keep(Head(), at=now)
    with transaction.atomic():
        if not _my_turn():
            return 0
        before = heads.of_database()
        entries = list(AuditEntry.objects.filter(seal=None).order_by("id").only("pk", "mac")[:limit])
        head = _chain(before, entries)
        killpoint("audit_sealing")
    killpoint("audit_sealed")
    if kept and entries:
        heads.keep(head, at=now)
    return len(entries)


def unsealed(*, before: datetime | None) -> int:
    """Return how many entries from before that moment wait for their seal; None: whether there is any at all."""
    rows = AuditEntry.objects.filter(seal=None)
    if before is None:
        return int(rows.exists())
    return rows.filter(at__lt=before).count()


def _chain(head: Head, entries: list[AuditEntry]) -> Head:
    sealed = []
    for entry in entries:
        seal = head.seal + 1
        head = Head(seal, link(head.hash, seal=seal, entry_id=entry.pk, mac=entry.mac))
        sealed.append((head.seal, head.hash, entry.pk))
    with connection.cursor() as cursor:
        cursor.executemany("UPDATE postroom_audit_auditentry SET seal = %s, hash = %s WHERE id = %s", sealed)
    return head


def _my_turn() -> bool:
    """Take the lock of this transaction; SQLite has one writer at a time anyway."""
    if connection.vendor != "postgresql":
        return True
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_xact_lock(%s)", [_LOCK])
        return bool(cursor.fetchone()[0])
