"""Addresses of images for a mail's frame, which has no origin and so brings no cookie: each carries its own pass."""

from dataclasses import dataclass

from django.core.signing import BadSignature, Signer
from django.http import HttpRequest
from django.urls import reverse
from django.utils.crypto import constant_time_compare

from postroom.core.accounts.models import User
from postroom.faces.web.access import person
from postroom.lib import clock

_SIGNER = Signer(salt="postroom.framed-image")
# Passes of one half day end together, so that the address stays the same and the browser's copy can be used.
_PERIOD = 12 * 60 * 60


@dataclass(frozen=True)
class Pass:
    """Who may fetch what: `kind` is "file" (a file of a message), "inside" (of an attached mail) or "tray"."""

    user: User
    kind: str
    number: int
    part: str


def address(request: HttpRequest, *, kind: str, number: int, part: str = "") -> str:
    """Return the image's address for the person of this request, good for 12 to 24 hours.

    It proves only who asks: whether they may see the image is asked again with each fetch.
    """
    user = person(request)
    ends = (int(clock.now().timestamp()) // _PERIOD + 2) * _PERIOD
    words = ".".join((str(user.pk), _seal_of(user), kind, str(number), part.replace(".", "-"), str(ends)))
    return reverse("framed-image", args=[_SIGNER.sign(words)])


def read(token: str) -> Pass | None:
    """Return what the token is a pass for; None when it is not ours, too old, or its person has gone."""
    try:
        user_id, seal, kind, number, part, ends = _SIGNER.unsign(token).split(".")
    except (BadSignature, ValueError):
        return None
    if int(ends) < clock.now().timestamp():
        return None
    user = User.objects.filter(pk=int(user_id), is_active=True).first()
    if user is None or not constant_time_compare(seal, _seal_of(user)):
        return None
    return Pass(user, kind, int(number), part.replace("-", "."))


def _seal_of(user: User) -> str:
    """A new password ends every pass, as it ends the sessions."""
    return user.get_session_auth_hash()[:16]
