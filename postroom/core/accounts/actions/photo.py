from django.db import transaction
from django.utils.translation import gettext as _

from postroom.core.accounts.models import User
from postroom.core.audit.write import write
from postroom.core.events.actor import Actor
from postroom.core.events.kinds.staff import PhotoChanged
from postroom.core.events.record import record
from postroom.core.storage import blobs
from postroom.lib.pictures import LARGEST_FILE, NotAPicture, square


class PhotoRefused(Exception):
    """The photo stayed as it was; the sentence says why."""


def set_photo(person: User, *, data: bytes, by: Actor) -> bool:
    """Show this picture wherever the person's initials stood: its middle, made anew. False when it was the same."""
    try:
        digest = blobs().put(square(data))
    except NotAPicture as reason:
        raise PhotoRefused(_why(reason)) from reason
    return _change(person, digest=digest, by=by)


def remove_photo(person: User, *, by: Actor) -> bool:
    """Show the initials again. False when there was no photo."""
    return _change(person, digest="", by=by)


def _change(person: User, *, digest: str, by: Actor) -> bool:
    with transaction.atomic():
        if not User.objects.filter(pk=person.pk).exclude(photo_digest=digest).update(photo_digest=digest):
            return False
        had, person.photo_digest = bool(person.photo_digest), digest
        place = f"person:{person.pk}"
        before, after = {"photo": had}, {"photo": bool(digest)}
        write("person.photo", by=by, subject=place, subject_name=person.name, before=before, after=after)
        record(PhotoChanged(user_id=person.pk), by=by)
    return True


def _why(reason: NotAPicture) -> str:
    if reason.too_large:
        most = LARGEST_FILE // 1024 // 1024
        return _("This picture is too large. Up to %(most)s MB and 25 million pixels fit; nothing was changed.") % {
            "most": most
        }
    return _("This is no picture that can be read. Take a JPEG, PNG, WebP or GIF; nothing was changed.")
