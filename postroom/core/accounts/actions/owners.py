"""There is always an owner: whoever takes the last one's right away is refused."""

from django.db import connection
from django.utils.translation import gettext as _

from postroom.core.accounts.models import OWNER, User


class LastOwner(Exception):
    """Nothing was changed: without this person nobody could give the rights that only owners give."""

    def __init__(self, name: str) -> None:
        super().__init__(
            _("%(name)s is the last owner. Nothing was changed. Make somebody else an owner first.") % {"name": name}
        )


def keep_an_owner(person: User) -> None:
    """Raise LastOwner when this is the only active owner.

    Call it in the transaction that demotes, deactivates or deletes them, before that: the owners' rows are held until
    it ends, so that of two who take the last two owners' rights at once, the second is refused.
    """
    owners = User.objects.filter(role=OWNER, is_active=True).order_by("pk")
    if connection.features.has_select_for_update:
        owners = owners.select_for_update(of=("self",), no_key=True)
    ids = [owner.pk for owner in owners]
    if ids == [person.pk]:
        raise LastOwner(person.name)
