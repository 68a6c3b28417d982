"""What one person may do in one mailbox: what was granted, and what their role allows, together."""
# ruff: noqa: SLF001  (a model's own _meta, which Django documents)

from dataclasses import dataclass
from datetime import datetime
from typing import NamedTuple

from django.db.models import QuerySet
from django.utils.translation import gettext as _

from postroom.core.accounts.models import ANSWERING, CUSTOM, MANAGING, NONE, SEEING, Mailbox, Membership, Role, User
from postroom.core.accounts.permissions import ANSWER, MAILBOXES, NOTE, may, permissions_of, permissions_of_role
from postroom.lib.prepared import prepared
from postroom.lib.statements import run

# Every verb asks it: written out, it costs a tenth of what the ORM takes to make it and two models of its row.
_RIGHTS = f"""
    SELECT m.level, u.role, u.custom_role_id
    FROM {Membership._meta.db_table} AS m JOIN {User._meta.db_table} AS u ON u.id = m.user_id
    WHERE m.user_id = %s AND m.mailbox_id = %s AND u.is_active
"""  # noqa: S608  (names of our own)


@dataclass(frozen=True)
class Rights:
    """A level of a mailbox, and the permissions of a role."""

    level: int = NONE
    permissions: frozenset[str] = frozenset()

    @property
    def answers(self) -> bool:
        """Whether this person may write to customers and change conversations."""
        return ANSWER in self.permissions and self.level >= ANSWERING

    @property
    def notes(self) -> bool:
        """Whether this person may write notes."""
        return NOTE in self.permissions and self.level >= SEEING

    @property
    def why_not(self) -> str:
        """Say why this person may not answer, and who can change that; "" when they may."""
        if self.answers:
            return ""
        if self.level < SEEING:
            return _("You are not on this mailbox. Somebody who says who may see it can let you in.")
        if ANSWER not in self.permissions:
            return _("Your role lets you read here, not answer or change. An owner or administrator can give another.")
        return _("You may read this mailbox, not answer or change what is in it. Whoever gives access can change that.")

    @property
    def why_no_note(self) -> str:
        """As `why_not`, for notes."""
        if self.notes:
            return ""
        if self.level < SEEING:
            return self.why_not
        return _("Your role lets you read here, not write notes. An owner or administrator can give another.")


def rights_in(mailbox_id: int, *, user_id: int) -> Rights:
    """Return what this person may do there now, whatever an older copy of them says: one query."""
    rows = run(_RIGHTS, [user_id, mailbox_id])
    if not rows:
        return Rights()
    level, role, custom_role = rows[0]
    made_of = Role.objects.filter(pk=custom_role).first() if role == CUSTOM else None
    return Rights(level, permissions_of_role(role, made_of))


def rights_everywhere(user: User) -> dict[int, Rights]:
    """Return what this person may do in each mailbox they are on: one query."""
    permissions = permissions_of(user)
    levels = _levels(user) if user.is_active else ()
    return {mailbox_id: Rights(level, permissions) for mailbox_id, level in levels}


@prepared
def _levels(user: User) -> "QuerySet[Membership, tuple[int, int]]":
    return Membership.objects.filter(user=user).values_list("mailbox_id", "level")


def answerers_on(mailbox_id: int) -> list[User]:
    """Return the people who may answer in a mailbox, by name: one query."""
    people = _on_level(mailbox_id, level=ANSWERING).select_related("custom_role")
    return [one for one in people if may(one, ANSWER)]


class Answerer(NamedTuple):
    """Somebody who may answer in a mailbox; away since `away_from`, if they have not come back."""

    pk: int
    name: str
    photo: str
    away_from: datetime | None


def answerers_shown(mailbox_id: int) -> list[Answerer]:
    """Return what a page shows of `answerers_on`, which may be sixty people on each page: one query."""
    return [
        Answerer(pk, name, photo, away_from)
        for pk, name, photo, role, more, away_from in _shown(mailbox_id, level=ANSWERING)
        # No permissions where no role of one's own is there.
        if ANSWER in permissions_of_role(role, Role(permissions=more or []) if role == CUSTOM else None)
    ]


@prepared
def _shown(
    mailbox_id: int, *, level: int
) -> "QuerySet[User, tuple[int, str, str, str, list[str] | None, datetime | None]]":
    columns = ("pk", "name", "photo_digest", "role", "custom_role__permissions", "away_from")
    return _on_level(mailbox_id, level=level).values_list(*columns)


def _on_level(mailbox_id: int, *, level: int) -> QuerySet[User]:
    people = User.objects.filter(is_active=True, membership__mailbox=mailbox_id, membership__level__gte=level)
    return people.order_by("name", "pk")


def managers_of(mailbox_id: int) -> list[User]:
    """Return the people who may change a mailbox's settings, and so are told what is wrong with its mail."""
    people = User.objects.filter(is_active=True).select_related("custom_role").order_by("pk")
    here = set(Membership.objects.filter(mailbox=mailbox_id, level__gte=MANAGING).values_list("user_id", flat=True))
    return [one for one in people if may(one, MAILBOXES) or (one.pk in here and may(one, ANSWER))]


def kept_by(user: User) -> QuerySet[Mailbox]:
    """Return the mailboxes whose settings this person may change, in no order."""
    return kept_with(permissions_of(user), user=user)


def kept_with(permissions: frozenset[str], *, user: User) -> QuerySet[Mailbox]:
    """Return what `kept_by` does of somebody with these permissions."""
    if MAILBOXES in permissions:
        return Mailbox.objects.all()
    if ANSWER not in permissions:
        return Mailbox.objects.none()
    managed = Membership.objects.filter(user=user, level__gte=MANAGING)
    return Mailbox.objects.filter(pk__in=managed.values("mailbox_id"))
