"""Adding, naming and removing what a person shows besides a password."""

from typing import Any

from allauth.mfa.models import Authenticator
from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from postroom.core.accounts.actions.sessions import end_sessions
from postroom.core.accounts.actions.tell_of_second_factor import tell_of_second_factor
from postroom.core.accounts.models import User
from postroom.core.accounts.permissions import PEOPLE, may, outranks
from postroom.core.accounts.policy import asks_second_factor
from postroom.core.accounts.second_factors import APP, CODES, FACTORS, PASSKEY
from postroom.core.audit.write import Values, write
from postroom.core.events.kinds import SecondFactorChanged
from postroom.core.events.record import record
from postroom.lib import clock
from postroom.lib.text import one_line

# More than anybody carries, and few enough to try each when a passkey is shown.
MOST_PASSKEYS = 20


class SecondFactorRefused(Exception):
    """Nothing was changed; the sentence may be shown."""


def add_app(user: User, *, secret: str, used_step: int) -> bool:
    """Let the codes of an authenticator app count from now on; `secret` is its seed in base32.

    `used_step` is the time step of the code that proved it, which counts no more. True when recovery codes were made.
    """
    from allauth.mfa.utils import encrypt

    data = {"secret": encrypt(secret), "used_step": used_step}
    with transaction.atomic():
        try:
            with transaction.atomic():
                Authenticator.objects.create(user=user, type=APP, data=data)
        except IntegrityError:
            raise SecondFactorRefused(_("You have an authenticator app already. Remove it first.")) from None
        _changed("second_factor.added", user, after={"kind": "app"})
        return _with_codes(user)


def add_passkey(user: User, *, name: str, credential: dict[str, Any]) -> bool:
    """Keep a passkey whose creation was checked. True when recovery codes were made."""
    with transaction.atomic():
        held = list(Authenticator.objects.select_for_update().filter(user=user, type=PASSKEY))
        if len(held) >= MOST_PASSKEYS:
            raise SecondFactorRefused(_("You have very many passkeys. Remove one that you do not use any more."))
        called = one_line(name, length=80) or _("Passkey %(n)s") % {"n": len(held) + 1}
        row = Authenticator.objects.create(user=user, type=PASSKEY, data={"name": called, "credential": credential})
        _changed("second_factor.added", user, after={"kind": "passkey", "name": called, "id": row.pk})
        return _with_codes(user)


def rename_passkey(user: User, *, passkey_id: int, name: str) -> None:
    """Call a passkey differently; nothing happens when it is gone or the name is empty."""
    called = one_line(name, length=80)
    with transaction.atomic():
        row = Authenticator.objects.select_for_update().filter(user=user, type=PASSKEY, pk=passkey_id).first()
        if row is None or not called or row.data.get("name") == called:
            return
        before = {"name": str(row.data.get("name", ""))}
        row.data["name"] = called
        row.save(update_fields=["data"])
        about: Values = {"kind": "passkey", "name": called, "id": row.pk}
        write(
            "second_factor.renamed",
            by=user,
            subject=f"person:{user.pk}",
            subject_name=user.name,
            before=before,
            after=about,
        )


def remove_factor(user: User, *, kind: str, passkey_id: int | None = None) -> bool:
    """Take an app (APP) or one passkey (PASSKEY) away; False when it was gone.

    Recovery codes go with the last one. The last one stays while the organisation asks for one.
    """
    with transaction.atomic():
        User.objects.select_for_update().get(pk=user.pk)
        rows = Authenticator.objects.filter(user=user, type__in=FACTORS)
        row = rows.filter(type=kind, **({"pk": passkey_id} if kind == PASSKEY else {})).first()
        if row is None:
            return False
        if rows.count() == 1 and asks_second_factor(user):
            raise SecondFactorRefused(
                _("Your organisation asks for a second factor, and this is your only one. Add another one first.")
            )
        gone: dict[str, str | int] = {"kind": "app" if kind == APP else "passkey"}
        if kind == PASSKEY:
            gone |= {"name": str(row.data.get("name", "")), "id": row.pk}
        row.delete()
        if not rows.exists():
            Authenticator.objects.filter(user=user, type=CODES).delete()
        _changed("second_factor.removed", user, before=gone)
    return True


def renew_codes(user: User) -> None:
    """Make new recovery codes; the old ones count no more. Only for somebody who has a second factor."""
    with transaction.atomic():
        User.objects.select_for_update().get(pk=user.pk)
        if not Authenticator.objects.filter(user=user, type__in=FACTORS).exists():
            raise SecondFactorRefused(_("Recovery codes stand in for a second factor. Add one first."))
        Authenticator.objects.filter(user=user, type=CODES).delete()
        _make_codes(user)
        _changed("recovery_codes.made", user)


def take_unseen_codes(user: User) -> list[str]:
    """Return the recovery codes when nobody has seen them yet, and never again; else nothing."""
    from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes

    with transaction.atomic():
        row = Authenticator.objects.select_for_update().filter(user=user, type=CODES).first()
        if row is None or row.data.get("viewed_at"):
            return []
        row.data["viewed_at"] = clock.now().timestamp()
        row.save(update_fields=["data"])
        return list(RecoveryCodes(row).get_unused_codes())


def reset_second_factors(user: User, *, by: User) -> bool:
    """Take away everything a colleague could show besides a password, and sign them out; False when there was nothing.

    For somebody who lost theirs; never for one whose role allows more than that of `by`.
    """
    if not may(by, PEOPLE) or outranks(user, other=by):
        raise SecondFactorRefused(_("Their role allows more than yours, so their second factor is not yours to reset."))
    with transaction.atomic():
        rows = list(Authenticator.objects.select_for_update().filter(user=user))
        if not rows:
            return False
        Authenticator.objects.filter(pk__in=[row.pk for row in rows]).delete()
        kinds = sorted({"app" if row.type == APP else "passkey" for row in rows if row.type in FACTORS})
        _changed("second_factor.reset", user, by=by, before={"kinds": kinds})
        end_sessions(user, by=by)
    return True


def _with_codes(user: User) -> bool:
    """Make recovery codes unless there are some."""
    if Authenticator.objects.filter(user=user, type=CODES).exists():
        return False
    _make_codes(user)
    return True


def _make_codes(user: User) -> None:
    from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes

    RecoveryCodes.activate(user)


def _changed(
    action: str, user: User, *, by: User | None = None, before: Values | None = None, after: Values | None = None
) -> None:
    """Write, record and tell what was done to somebody's second factor; by themselves without `by`."""
    who = by or user
    write(action, by=who, subject=f"person:{user.pk}", subject_name=user.name, before=before, after=after)
    record(SecondFactorChanged(person=user.name, user_id=user.pk), by=who)
    tell_of_second_factor(action, user, by=who)
