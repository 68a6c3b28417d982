"""A code of an authenticator app, or a recovery code: each counts once."""

from collections.abc import Iterator
from hmac import compare_digest

from allauth.mfa.models import Authenticator
from django.db import transaction
from django.utils.translation import gettext as _

from postroom.core.accounts.guessing import CODE, Attempt, forget_failures, remember_failure
from postroom.core.accounts.known import known_device
from postroom.core.accounts.models import User
from postroom.core.accounts.second_factors import APP, CODES
from postroom.core.audit.write import write
from postroom.lib import clock
from postroom.lib.sealing import SealBroken

RECOVERY_CODE = "recovery code"
APP_CODE = "code"


class WrongCode(Exception):
    """This is no code of this person's, or it was used before; the sentence may be shown."""


def show_code(user: User, *, code: str, ip: str, device: str = "") -> str:
    """Take a code that somebody typed; return which kind it was: APP_CODE or RECOVERY_CODE.

    Raises WrongCode, or TooManyTries. `device` is the token of the browser's long-lived cookie, if it sent one.
    """
    attempt = Attempt(account=user.email, ip=ip, device=known_device(user.email, token=device), means=CODE)
    # Counted before it is looked at, so that a hundred tries at once are a hundred tries.
    remember_failure(attempt)
    typed = "".join(character for character in code[:64] if character.isalnum())
    with transaction.atomic():
        used = _use(user, typed)
        if used == RECOVERY_CODE:
            write("recovery_code.used", by=user, subject=f"person:{user.pk}", subject_name=user.name)
    if not used:
        write("second_factor.refused", by=None, subject=f"person:{user.pk}", subject_name=user.name)
        raise WrongCode(_("This code is not right, or it was used before. Type the one that the app shows now."))
    forget_failures(attempt)
    return used


def step_of(secret: str, *, code: str) -> int | None:
    """Return the time step (RFC 6238) of which this is the code of that seed, one before and one after now included."""
    from allauth.mfa.totp.internal.auth import format_hotp_value, hotp_value

    for step in _steps():
        if code.isascii() and compare_digest(format_hotp_value(hotp_value(secret, step)), code):
            return step
    return None


def _steps() -> Iterator[int]:
    from allauth.mfa import app_settings

    now = int(clock.now().timestamp()) // app_settings.TOTP_PERIOD
    yield from range(now - app_settings.TOTP_TOLERANCE, now + app_settings.TOTP_TOLERANCE + 1)


def _use(user: User, typed: str) -> str:
    from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes

    for row in Authenticator.objects.select_for_update().filter(user=user, type__in=(APP, CODES)).order_by("-type"):
        try:
            if row.type == CODES and RecoveryCodes(row).validate_code(typed):
                row.refresh_from_db()
                row.record_usage()
                return RECOVERY_CODE
            if row.type == APP and _use_app(row, typed):
                return APP_CODE
        except SealBroken:
            # The key beside the database is another one now: no code of this seed can be known.
            continue
    return ""


def _use_app(row: Authenticator, typed: str) -> bool:
    """Take a code of the app once: its time step, and those before it, count no more (RFC 6238, 5.2)."""
    from allauth.mfa.utils import decrypt

    step = step_of(decrypt(row.data["secret"]), code=typed)
    if step is None or step <= int(row.data.get("used_step", 0)):
        return False
    row.data["used_step"] = step
    row.last_used_at = clock.now()
    row.save(update_fields=["data", "last_used_at"])
    return True
