import hashlib
import secrets
from datetime import timedelta

from django.db import transaction
from django.utils.translation import gettext as _

from postroom.core.accounts.models import DirectoryToken
from postroom.core.accounts.models.person import User
from postroom.core.audit.write import write
from postroom.lib import clock
from postroom.lib.text import one_line

# One write a minute is enough to see that it is used.
_SELDOM = timedelta(minutes=1)


class TokenRefused(Exception):
    """No token was made; the sentence says why."""


def make_token(*, name: str, by: User) -> str:
    """Return a new token for a directory; it is shown this once, and only its digest is kept."""
    name = one_line(name, length=80)
    if not name:
        raise TokenRefused(_("Type a name, such as that of the directory."))
    token = f"postroom_{secrets.token_urlsafe(32)}"
    with transaction.atomic():
        row = DirectoryToken.objects.create(name=name, digest=_digest(token), made_by=by, created_at=clock.now())
        write("directory.token_made", by=by, subject=f"token:{row.pk}", subject_name=name)
    return token


def end_token(token: DirectoryToken, *, by: User) -> bool:
    """Let a directory in no longer. False when it was over."""
    with transaction.atomic():
        number, name = token.pk, token.name
        if not DirectoryToken.objects.filter(pk=number).delete()[0]:
            return False
        write("directory.token_ended", by=by, subject=f"token:{number}", subject_name=name)
    return True


def token_of(shown: str) -> DirectoryToken | None:
    """Return the token that was shown to us; None for one that is none (any more)."""
    found = DirectoryToken.objects.filter(digest=_digest(shown)).first()
    now = clock.now()
    if found and (found.last_used_at is None or found.last_used_at < now - _SELDOM):
        DirectoryToken.objects.filter(pk=found.pk).update(last_used_at=now)
    return found


def _digest(token: str) -> str:
    return hashlib.sha256(token.encode(errors="replace")).hexdigest()
