"""Who has which role, and what the roles of our own allow. Nobody gives or changes more than they have themselves."""

from collections.abc import Collection

from django.db import IntegrityError, connection, transaction
from django.db.models import ProtectedError
from django.utils.translation import gettext as _

from postroom.core.accounts.actions.owners import keep_an_owner
from postroom.core.accounts.models import BUILT_IN_ROLES, CUSTOM, OWNER, Role, User
from postroom.core.accounts.permissions import PERMISSIONS, permissions_of, permissions_of_role
from postroom.core.audit.write import Values, write
from postroom.core.events.actor import Actor
from postroom.core.events.kinds import RoleAdded, RoleChanged, RoleDeleted, RoleGiven
from postroom.core.events.record import record
from postroom.lib.text import one_line


class RoleRefused(Exception):
    """No role was made, changed or given; the sentence says why."""


def give_role(person: User, *, role: str, custom_role: Role | None = None, by: Actor) -> bool:
    """Give a person one of the built-in roles, or with CUSTOM one of our own. False when they had it.

    RoleRefused when it holds, or they have, more than the giver; LastOwner when nobody would be an owner.
    """
    if (role not in BUILT_IN_ROLES and role != CUSTOM) or (role == CUSTOM) != (custom_role is not None):
        raise RoleRefused(_("This role is not there any more. Nothing was changed. Choose another."))
    with transaction.atomic():
        if role != OWNER and User.objects.filter(pk=person.pk, role=OWNER, is_active=True).exists():
            # All owners' rows before this one: two owners who demote each other would else wait in a ring.
            keep_an_owner(person)
        now = _held(person)
        if (now.role, now.custom_role_id) == (role, custom_role.pk if custom_role else None):
            return False
        _refuse_more(permissions_of_role(now.role, now.custom_role), by=by, taking=True)
        _refuse_more(permissions_of_role(role, custom_role), by=by, taking=False)
        if now.role == OWNER and now.is_active and role != OWNER:
            keep_an_owner(now)
        before = role_name(now.role, now.custom_role)
        User.objects.filter(pk=now.pk).update(role=role, custom_role=custom_role)
        person.role, person.custom_role = role, custom_role
        called = role_name(role, custom_role)
        write(
            "role.changed",
            by=by,
            subject=f"person:{now.pk}",
            subject_name=now.name,
            before={"role": before},
            after={"role": called},
        )
        record(RoleGiven(person=now.name, user_id=now.pk, role=called), by=by)
    return True


def add_role(*, name: str, permissions: Collection[str], by: Actor) -> Role:
    """Make a role of our own from a list of permissions."""
    name, codes = _clean(name), _known(permissions)
    _refuse_more(frozenset(codes), by=by, taking=False)
    try:
        with transaction.atomic():
            role = Role.objects.create(name=name, permissions=codes)
            write("role.added", by=by, subject=f"role:{role.pk}", subject_name=name, after={"permissions": codes})
            record(RoleAdded(role=name, role_id=role.pk), by=by)
    except IntegrityError:
        raise _name_taken() from None
    return role


def change_role(role: Role, *, name: str, permissions: Collection[str], by: Actor) -> bool:
    """Call a role otherwise, or let it allow other things: at once for all who have it. False when it was just so."""
    name, codes = _clean(name), _known(permissions)
    try:
        with transaction.atomic():
            now = _held_role(role)
            if (now.name, sorted(now.permissions)) == (name, sorted(codes)):
                return False
            _refuse_more(permissions_of_role(CUSTOM, now), by=by, taking=True)
            _refuse_more(frozenset(codes), by=by, taking=False)
            before: Values = {"name": now.name, "permissions": list(now.permissions)}
            Role.objects.filter(pk=now.pk).update(name=name, permissions=codes)
            role.name, role.permissions = name, codes
            after: Values = {"name": name, "permissions": codes}
            write("role.redefined", by=by, subject=f"role:{role.pk}", subject_name=name, before=before, after=after)
            record(RoleChanged(role=name, role_id=role.pk), by=by)
    except IntegrityError:
        raise _name_taken() from None
    return True


def delete_role(role: Role, *, by: Actor) -> None:
    """Forget a role of our own; RoleRefused while somebody has it, deactivated people too."""
    try:
        with transaction.atomic():
            now = _held_role(role)
            _refuse_more(permissions_of_role(CUSTOM, now), by=by, taking=True)
            Role.objects.filter(pk=now.pk).delete()
            before = {"permissions": list(now.permissions)}
            write("role.deleted", by=by, subject=f"role:{now.pk}", subject_name=now.name, before=before)
            record(RoleDeleted(role=now.name, role_id=now.pk), by=by)
    except ProtectedError:
        raise RoleRefused(_("Somebody has this role. Nothing was changed. Give them another one first.")) from None


def role_name(role: str, custom_role: Role | None) -> str:
    """Return what the log calls a role: the code of a built-in one, or the name of one of our own."""
    return custom_role.name if role == CUSTOM and custom_role else role


def _refuse_more(permissions: frozenset[str], *, by: Actor, taking: bool) -> None:
    """Refuse what goes beyond the giver's own permissions; Postroom itself (set-up, a directory) may give all."""
    if not isinstance(by, User):
        return
    # Read now: of two changes at once, the second is judged by what the first left.
    if permissions <= permissions_of(User.objects.select_related("custom_role").get(pk=by.pk)):
        return
    if taking:
        raise RoleRefused(_("Their role allows more than yours, so it is not yours to change. Nothing was changed."))
    raise RoleRefused(_("This role allows more than yours. Nothing was changed. Nobody gives more than they have."))


def _held(person: User) -> User:
    rows = User.objects.filter(pk=person.pk)
    if connection.features.has_select_for_update:
        rows = rows.select_for_update(of=("self",), no_key=True)
    return rows.select_related("custom_role").get()


def _held_role(role: Role) -> Role:
    rows = Role.objects.filter(pk=role.pk)
    found = (rows.select_for_update() if connection.features.has_select_for_update else rows).first()
    if found is None:
        raise RoleRefused(_("This role is not there any more. Nothing was changed."))
    return found


def _clean(name: str) -> str:
    cleaned = one_line(name, length=80)
    if not cleaned:
        raise RoleRefused(_("Type a name for this role."))
    return cleaned


def _known(permissions: Collection[str]) -> list[str]:
    """Return the codes in the order of their list; what is not among them is nothing that can be given."""
    return [code for code in PERMISSIONS if code in set(permissions)]


def _name_taken() -> RoleRefused:
    return RoleRefused(_("There is a role with this name already."))
