"""What a person can show besides a password: an authenticator app, passkeys, recovery codes.

The rows and the cryptography are django-allauth's; its parts are imported late, since few requests need them.
"""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from allauth.mfa.models import Authenticator

from postroom.core.accounts.models import SecurityPolicy, User
from postroom.core.accounts.policy import asks_second_factor

APP = Authenticator.Type.TOTP.value
PASSKEY = Authenticator.Type.WEBAUTHN.value
CODES = Authenticator.Type.RECOVERY_CODES.value
# Recovery codes stand in for the others and are none themselves.
FACTORS = (APP, PASSKEY)


@dataclass(frozen=True)
class Passkey:
    """One passkey or security key of a person."""

    id: int
    name: str
    added: datetime
    used: datetime | None
    # It is enough by itself: it knows the person, by a finger or a PIN.
    signs_in: bool


@dataclass(frozen=True)
class SecondFactors:
    """All that a person has; `codes_left` is None while they have none."""

    app_added: datetime | None
    app_used: datetime | None
    codes_left: int | None
    # Shown once, and not yet.
    codes_unseen: bool
    passkeys: tuple[Passkey, ...]

    @property
    def count(self) -> int:
        """Return how many second factors there are, recovery codes apart."""
        return len(self.passkeys) + (self.app_added is not None)


def second_factors_of(user: User) -> SecondFactors:
    """Return everything that this person can show besides a password: one query."""
    app = codes = None
    passkeys = []
    for row in Authenticator.objects.filter(user=user).order_by("created_at", "pk"):
        if row.type == APP:
            app = row
        elif row.type == CODES:
            codes = row
        else:
            passkeys.append(_passkey(row))
    return SecondFactors(
        app_added=app.created_at if app else None,
        app_used=app.last_used_at if app else None,
        codes_left=_codes_left(codes.data) if codes else None,
        codes_unseen=codes is not None and not codes.data.get("viewed_at"),
        passkeys=tuple(passkeys),
    )


def has_second_factor(user: User) -> bool:
    """Tell whether this person has an app or a passkey."""
    return bool(Authenticator.objects.filter(user=user, type__in=FACTORS).exists())


def is_missed(user: User, *, asked: SecurityPolicy | None = None) -> bool:
    """Tell whether this person has no second factor although they are to have one, now or later."""
    return asks_second_factor(user, asked=asked) and not has_second_factor(user)


def _passkey(row: Any) -> Passkey:
    extensions = row.data.get("credential", {}).get("clientExtensionResults") or {}
    return Passkey(
        id=row.pk,
        name=str(row.data.get("name", "")),
        added=row.created_at,
        used=row.last_used_at,
        signs_in=bool((extensions.get("credProps") or {}).get("rk")),
    )


def _codes_left(data: dict[str, Any]) -> int:
    from allauth.mfa import app_settings

    return int(app_settings.RECOVERY_CODE_COUNT) - int(data.get("used_mask", 0)).bit_count()
