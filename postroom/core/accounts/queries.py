"""What people see of people and mailboxes."""

from django.db.models import QuerySet

from postroom.core.accounts.models import OWNER, Mailbox, Membership, User
from postroom.lib.prepared import prepared


def mailboxes_of(user: User) -> QuerySet[Mailbox]:
    """Return the mailboxes this person belongs to, by name."""
    if not user.is_active:
        return Mailbox.objects.none()
    return Mailbox.objects.filter(membership__user=user).order_by("name", "pk")


@prepared
def mailbox_ids(user: User) -> "QuerySet[Membership, int]":
    """Return the list of the numbers of those mailboxes, in no order; of a deactivated person's, too."""
    return Membership.objects.filter(user=user).values_list("mailbox_id", flat=True)


def colleagues_on(mailbox_id: int) -> QuerySet[User]:
    """Return the active people of a mailbox, by name."""
    return User.objects.filter(is_active=True, membership__mailbox_id=mailbox_id).order_by("name", "pk")


def owners_language() -> str:
    """Return the language of the first owner: the one in which Postroom writes down what only owners read."""
    return User.objects.filter(role=OWNER).order_by("pk").values_list("language", flat=True).first() or "en"
