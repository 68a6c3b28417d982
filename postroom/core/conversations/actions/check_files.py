from collections.abc import Callable, Iterable
from datetime import timedelta

from django.conf import settings
from django.db import transaction

from postroom.core.conversations.models import CLEAN, INFECTED, WAITING, Attachment, FileVerdict
from postroom.core.events.actor import SYSTEM
from postroom.core.events.kinds import FileLockedAway
from postroom.core.events.record import record
from postroom.core.storage import blobs
from postroom.lib import clock
from postroom.lib.blobs import BlobMissing
from postroom.lib.clamd import Scanned, ScannerTrouble
from postroom.lib.text import one_line

Scan = Callable[[bytes], Scanned]

# A scanner may take its time over an archive; then another worker may ask as well, which does no harm.
_LEASE = timedelta(minutes=3)
_LONGEST_WAIT = timedelta(minutes=15)


def want_checked(digests: Iterable[str]) -> None:
    """Let these files be looked at by the virus scanner, where there is one; until then nobody opens them."""
    if settings.POSTROOM_CLAMD:
        now = clock.now()
        rows = [FileVerdict(digest=digest, next_at=now) for digest in sorted(set(digests))]
        FileVerdict.objects.bulk_create(rows, ignore_conflicts=True)


def verdict(digest: str) -> FileVerdict:
    """Return what is known of some bytes. Without a scanner everything is clean; older files are asked about now."""
    if not settings.POSTROOM_CLAMD:
        return FileVerdict(digest=digest, state=CLEAN)
    known = FileVerdict.objects.filter(pk=digest).first()
    if known is None:
        want_checked([digest])
        known = FileVerdict(digest=digest, state=WAITING)
    return known


def check_next(scan: Scan) -> bool:
    """Ask the scanner about the file that waits longest; tell whether there was one.

    Without a scanner there are no wishes. The talk is outside of any transaction; a scanner that is away is asked
    again, less and less often.
    """
    wanted = _claimed()
    if wanted is None:
        return False
    try:
        data = blobs().get(wanted.digest)
    except BlobMissing:
        # Nobody can open it either.
        _decide(wanted.digest, Scanned(""))
        return True
    try:
        _decide(wanted.digest, scan(data))
    except ScannerTrouble as trouble:
        wait = min(_LONGEST_WAIT, timedelta(seconds=5 * 2 ** min(wanted.tries, 10)))
        FileVerdict.objects.filter(pk=wanted.digest, state=WAITING).update(
            next_at=clock.now() + wait, problem=one_line(str(trouble), length=300)
        )
    return True


def check_now(digest: str, data: bytes, *, scan: Scan) -> FileVerdict:
    """Ask about a file while somebody waits for it; a scanner that is away leaves it waiting."""
    known = verdict(digest)
    if known.state != WAITING:
        return known
    try:
        _decide(digest, scan(data))
    except ScannerTrouble:
        return known
    return verdict(digest)


def _claimed() -> FileVerdict | None:
    now = clock.now()
    rows = FileVerdict.objects.filter(state=WAITING, next_at__lte=now).order_by("next_at")
    # Nearly always there is none: SQLite's one write lock is not asked for to find nothing.
    if not rows.exists():
        return None
    with transaction.atomic():
        wanted = rows.select_for_update(skip_locked=True).first()
        if wanted is not None:
            FileVerdict.objects.filter(pk=wanted.pk).update(next_at=now + _LEASE, tries=wanted.tries + 1)
    return wanted


def _decide(digest: str, scanned: Scanned) -> None:
    with transaction.atomic():
        waiting = FileVerdict.objects.filter(pk=digest, state=WAITING)
        found = one_line(scanned.found, length=200)
        state = INFECTED if found else CLEAN
        if not waiting.update(state=state, found=found, problem="", checked_at=clock.now()) or not found:
            return
        carriers = Attachment.objects.filter(digest=digest, message__isnull=False).select_related(
            "message__conversation"
        )
        for file in carriers.order_by("pk")[:100]:
            record(
                FileLockedAway(file=file.name, found=found),
                by=SYSTEM,
                mailbox_id=file.message.conversation.mailbox_id if file.message else None,
                conversation_id=file.conversation_id,
                message_id=file.message_id,
            )
