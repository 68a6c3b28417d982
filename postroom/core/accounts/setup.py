"""The one-time link with which the first person sets this Postroom up."""

import hashlib
import hmac
import secrets

from django.db import transaction

from postroom.core.accounts.models import Installation, User
from postroom.lib.rows import find


def make_setup_token() -> str:
    """Return a new token for the set-up link; earlier ones end. Only its digest is kept."""
    token = secrets.token_urlsafe(24)
    Installation.objects.update_or_create(pk=1, defaults={"setup_digest": _digest(token)})
    return token


def token_is_good(token: str) -> bool:
    """Tell whether this token opens the set-up: the newest one, while there is nobody yet."""
    installation = Installation.objects.filter(pk=1).first()
    if installation is None or not installation.setup_digest or User.objects.exists():
        return False
    return hmac.compare_digest(installation.setup_digest, _digest(token))


def token_is_open() -> bool:
    """Tell whether a set-up link was made and nobody has used it."""
    return needs_setup() and Installation.objects.filter(pk=1).exclude(setup_digest="").exists()


def finish_setup() -> bool:
    """End the set-up link; False when it had ended. Call it in the transaction that adds the first person."""
    with transaction.atomic():
        return bool(Installation.objects.filter(pk=1).exclude(setup_digest="").update(setup_digest=""))


def is_demo() -> bool:
    """Tell whether this is the demo team, whose mail never leaves the machine."""
    return find(Installation, ("demo",), id=1) == (True,)


def needs_setup() -> bool:
    """Tell whether nobody has been added yet."""
    return not User.objects.exists()


def _digest(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()
