"""Whose session it is: asked by every request, so by a statement that is made once."""

from typing import TYPE_CHECKING

from django.contrib.auth.backends import ModelBackend

from postroom.core.accounts.models import User
from postroom.lib.prepared import prepared

if TYPE_CHECKING:
    from django.db.models import QuerySet


class SessionPerson(ModelBackend):
    """Django's own backend; the row is read by a prepared statement."""

    def get_user(self, user_id: int) -> User | None:
        """Return the person of this number, None when there is none or they are not active."""
        found = _person(int(user_id))
        return found[0] if found and self.user_can_authenticate(found[0]) else None


@prepared
def _person(user_id: int) -> "QuerySet[User]":
    return User.objects.filter(pk=user_id)
