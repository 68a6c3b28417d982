from collections.abc import Collection

from django.db import transaction
from django.utils import translation
from django.utils.translation import gettext as _

from postroom.core.accounts.actions.letters import post_letter
from postroom.core.accounts.models import OWNER, SecurityPolicy, User
from postroom.core.accounts.passwordless import NoWayIn, glass_breakers
from postroom.core.accounts.sign_on import has_worked_for
from postroom.core.audit.origin import present_origin
from postroom.core.audit.write import write
from postroom.core.events.kinds import SecurityChanged
from postroom.core.events.record import record


def switch_passwords(*, on: bool, by: User) -> bool:
    """Say whether people may sign in with a password of ours. False when it was so.

    Off only by somebody whom a provider has signed in, and while an owner may break the glass; NoWayIn otherwise.
    """
    with transaction.atomic():
        rules = SecurityPolicy.objects.select_for_update().get_or_create(pk=1)[0]
        if rules.password_sign_in == on:
            return False
        if not on:
            _be_sure(by)
        SecurityPolicy.objects.filter(pk=1).update(password_sign_in=on)
        write("security.password_sign_in", by=by, before={"on": not on}, after={"on": on})
        record(SecurityChanged(), by=by)
    return True


def name_glass_breakers(people: Collection[User], *, by: User) -> bool:
    """Say which owners may sign in with a password when nobody else may. False when it was just these."""
    with transaction.atomic():
        rules = SecurityPolicy.objects.select_for_update().get_or_create(pk=1)[0]
        old = {one.pk: one for one in User.objects.filter(break_glass=True)}
        new = {one.pk: one for one in people if one.role == OWNER}
        if old.keys() == new.keys():
            return False
        User.objects.filter(pk__in=old.keys() - new.keys()).update(break_glass=False)
        User.objects.filter(pk__in=new.keys() - old.keys()).update(break_glass=True)
        if not rules.password_sign_in and not glass_breakers():
            raise NoWayIn(_none_left())
        before, after = ({"people": sorted(one.name for one in side.values())} for side in (old, new))
        changed = ", ".join(sorted((old | new)[key].name for key in old.keys() ^ new.keys()))
        write("security.break_glass", by=by, subject_name=changed, before=before, after=after)
        record(SecurityChanged(), by=by)
    return True


def tell_of_broken_glass(person: User) -> None:
    """Write down, and tell the other owners, that somebody signed in with a password while passwords are off."""
    with transaction.atomic():
        write("sign_in.break_glass", by=person, subject=f"person:{person.pk}", subject_name=person.name)
        for owner in User.objects.filter(role=OWNER, is_active=True).exclude(pk=person.pk).order_by("pk"):
            with translation.override(owner.language):
                post_letter(to=owner.email, name=owner.name, subject=_subject(person), text=_text(person, to=owner))


def _be_sure(by: User) -> None:
    if not has_worked_for(by):
        raise NoWayIn(
            _(
                "Passwords stay on: no sign-in provider has signed you in yet. Link yours under My profile, sign in "
                "with it once, and come back."
            )
        )
    if not glass_breakers():
        raise NoWayIn(_none_left())


def _none_left() -> str:
    return _(
        "Nothing was changed: one owner with a password has to be let in by it even then, or nobody gets in when the "
        "provider is down. Choose one first."
    )


def _subject(person: User) -> str:
    return _("%(name)s signed in to Postroom with a password") % {"name": person.name}


def _text(person: User, *, to: User) -> str:
    said = {"name": person.name, "ip": present_origin().ip or "?", "to": to.name}
    return "\n\n".join(
        (
            _("Hello %(to)s,") % said,
            _(
                "passwords are switched off, and %(name)s has just signed in with one, from %(ip)s: as an owner who "
                "may when all else fails."
            )
            % said,
            _("If you do not know why, ask %(name)s, and look at the audit log.") % said,
        )
    )
