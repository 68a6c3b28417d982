"""The seed of an authenticator app while it is being added; sealed, since sessions lie in the database."""

from dataclasses import dataclass

from django.conf import settings
from django.http import HttpRequest
from django.utils.safestring import SafeString, mark_safe

from postroom.core.accounts.models import User
from postroom.lib.sealing import SealBroken, seal, unseal

_KEY = "second_factor_seed"


@dataclass(frozen=True)
class Picture:
    """What an app takes: a picture (SVG), an otpauth: address, and the seed in groups of four to type."""

    image: SafeString
    address: str
    groups: str


def make(request: HttpRequest) -> str:
    """Make a seed (base32) and keep it with the session."""
    from allauth.mfa.totp.internal.auth import generate_totp_secret

    secret: str = generate_totp_secret()
    request.session[_KEY] = seal(secret, key=settings.POSTROOM_KEY)
    return secret


def kept(request: HttpRequest) -> str:
    """Return the seed that was made for this session, empty when there is none."""
    try:
        return unseal(request.session.get(_KEY, ""), key=settings.POSTROOM_KEY)
    except SealBroken:
        return ""


def forget(request: HttpRequest) -> None:
    """Keep it with the session no longer."""
    request.session.pop(_KEY, None)


def picture(user: User, *, secret: str) -> Picture:
    """Return what the app of this person needs."""
    from allauth.mfa.adapter import get_adapter

    adapter = get_adapter()
    address = adapter.build_totp_url(user, secret)
    svg = adapter.build_totp_svg(address)
    return Picture(
        # Paths that were drawn of our own address; there is no text in it.
        image=mark_safe(svg[svg.index("<svg") :]),  # nosec B308, B703
        address=address,
        groups=" ".join(secret[start : start + 4] for start in range(0, len(secret), 4)),
    )
