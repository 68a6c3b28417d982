"""What an authenticator app does: show the code of a seed."""

from datetime import timedelta

from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.totp.internal.auth import format_hotp_value, generate_totp_secret, hotp_value

from postroom.core.accounts.actions.second_factors import add_app
from postroom.core.accounts.models import User
from postroom.core.accounts.second_factors import CODES
from postroom.lib import clock


def code_of(secret: str, *, later: int = 0) -> str:
    """Return what an app shows for this seed now, or so many seconds later."""
    moment = clock.now() + timedelta(seconds=later)
    shown: str = format_hotp_value(hotp_value(secret, int(moment.timestamp()) // 30))
    return shown


def app_of(user: User) -> str:
    """Give somebody an authenticator app; return its seed."""
    secret: str = generate_totp_secret()
    add_app(user, secret=secret, used_step=0)
    return secret


def recovery_codes_of(user: User) -> list[str]:
    """Return the recovery codes that count."""
    from allauth.mfa.models import Authenticator

    return list(RecoveryCodes(Authenticator.objects.get(user=user, type=CODES)).get_unused_codes())
