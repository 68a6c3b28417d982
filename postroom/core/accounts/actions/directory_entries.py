"""Keep what a directory has told us of somebody or of a team, beside what we have columns for."""

from collections.abc import Mapping

from django.db import transaction

from postroom.core.accounts.models import DirectoryEntry, Team, User
from postroom.lib import clock


def remember(kept: User | Team, *, document: Mapping[str, object]) -> DirectoryEntry:
    """Keep what was sent; the entry is a new version of itself, and whoever was removed is there again."""
    now = clock.now()
    whose = {"user": kept} if isinstance(kept, User) else {"team": kept}
    with transaction.atomic():
        entry = DirectoryEntry.objects.filter(**whose).first()
        if entry is None:
            return DirectoryEntry.objects.create(**whose, document=dict(document), created_at=now, changed_at=now)
        entry.document, entry.version, entry.changed_at, entry.removed_at = dict(document), entry.version + 1, now, None
        entry.save()
    return entry


def forget(person: User) -> None:
    """Let somebody be gone for the directory; they and what they wrote stay with us."""
    entry = remember(person, document={})
    DirectoryEntry.objects.filter(pk=entry.pk).update(removed_at=clock.now())
