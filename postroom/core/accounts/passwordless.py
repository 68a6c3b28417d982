"""Whether a password is still enough to sign in, and that there is always another way."""

from django.utils.translation import gettext as _

from postroom.core.accounts.models import OWNER, SignInProvider, User
from postroom.core.accounts.policy import policy


class NoWayIn(Exception):
    """Nothing was changed: people would be locked out. The sentence says what to do first."""


def may_use_password(person: User) -> bool:
    """Tell whether this person's password signs them in.

    When passwords are off, only that of an owner who may break the glass does. Should none be left who could (a
    database that somebody edited by hand), every owner's does: a locked house helps nobody.
    """
    if policy().password_sign_in:
        return True
    return person.is_owner and (person.break_glass or not glass_breakers())


def breaks_glass(person: User) -> bool:
    """Tell whether this person's password signs them in only because they are let in when all else fails."""
    return not policy().password_sign_in and may_use_password(person)


def glass_breakers() -> list[User]:
    """Return the owners who may use a password when nobody else may, by name."""
    owners = User.objects.filter(role=OWNER, is_active=True, break_glass=True).order_by("name", "pk")
    return [owner for owner in owners if owner.has_usable_password()]


def keep_a_way_in(*, without: SignInProvider) -> None:
    """Raise NoWayIn when this is the last provider that has signed anybody in, and passwords are off."""
    if policy().password_sign_in:
        return
    others = SignInProvider.objects.filter(enabled=True, links__last_used_at__isnull=False).exclude(pk=without.pk)
    if not others.exists():
        raise NoWayIn(
            _(
                "Passwords are switched off, and %(provider)s is the last other way in. Nothing was changed. Switch "
                "passwords on first."
            )
            % {"provider": without.name}
        )
