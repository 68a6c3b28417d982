"""Stored bytes that nothing names any more leave the disk."""

from collections.abc import Callable, Collection
from datetime import timedelta

from postroom.core.accounts.models import User
from postroom.core.conversations.models import Attachment, FileVerdict, ForgottenFile
from postroom.core.storage import blobs
from postroom.lib import clock

Ask = Callable[[Collection[str]], set[str]]
Told = Callable[[Collection[str]], None]

# Whoever has stored the same bytes at this moment has written the row that names them long before that.
_WAIT = timedelta(hours=1)
_AT_ONCE = 200
_asked: list[Ask] = []
_told: list[Told] = []


def held_by(ask: Ask, *, told: Told | None = None) -> None:
    """Say who else names stored bytes: of these digests, those that are still needed; and who is told of the others."""
    _asked.append(ask)
    if told:
        _told.append(told)


def to_be_forgotten(digests: Collection[str]) -> None:
    """Note bytes that were named by what is deleted, in that transaction."""
    at = clock.now() + _WAIT
    rows = [ForgottenFile(digest=digest, at=at) for digest in sorted(digests)]
    ForgottenFile.objects.bulk_create(
        rows, batch_size=300, update_conflicts=True, unique_fields=["digest"], update_fields=["at"]
    )


def forget_next() -> bool:
    """Take some of them off the disk that nothing else names; tell whether there may be more."""
    now = clock.now()
    due = list(ForgottenFile.objects.filter(at__lte=now).order_by("at").values_list("digest", flat=True)[:_AT_ONCE])
    if not due:
        return False
    held = set(Attachment.objects.filter(digest__in=due).values_list("digest", flat=True))
    held |= set(User.objects.filter(photo_digest__in=due).values_list("photo_digest", flat=True))
    for ask in _asked:
        held |= ask(due)
    free = [digest for digest in due if digest not in held]
    for digest in held:
        blobs().keep(digest)
    fresh = [digest for digest in free if not blobs().forget(digest, unless_stored_since=now - _WAIT)]
    gone = [digest for digest in free if digest not in fresh]
    for told in _told:
        told(gone)
    FileVerdict.objects.filter(pk__in=gone).delete()
    ForgottenFile.objects.filter(pk__in=fresh).update(at=now + _WAIT)
    ForgottenFile.objects.filter(pk__in=[*held, *gone], at__lte=now).delete()
    return len(due) == _AT_ONCE
