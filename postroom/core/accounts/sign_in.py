"""Check who somebody is, slowly for those who guess."""

import hashlib
from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import F
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from postroom.core.accounts.models import FailedSignIn, User
from postroom.lib import addresses, clock
from postroom.lib.text import storable

FREE_FAILURES = 5
LONGEST_WAIT = timedelta(seconds=60)
# A quiet quarter of an hour and nobody remembers.
MEMORY = timedelta(minutes=15)


class SignInRefused(Exception):
    """Nobody is signed in; the sentence may be shown."""


class WrongPassword(SignInRefused):
    """No active person has this address and this password."""


class TooManyTries(SignInRefused):
    """This address was tried too often from there; the next try is looked at after a short wait."""


def recognise(*, email: str, password: str, ip: str) -> User:
    """Return the active person with this address and password.

    Raises WrongPassword, or TooManyTries when this address failed often from this network address: the wait doubles up
    to a minute and never locks anybody out, since it does not count against other network addresses.
    """
    digest = _digest(email, ip)
    now = clock.now()
    if seconds := _seconds_to_wait(digest, now=now):
        raise TooManyTries(
            ngettext(
                "That was tried too often. Wait %(n)s second, then try again.",
                "That was tried too often. Wait %(n)s seconds, then try again.",
                seconds,
            )
            % {"n": seconds}
        )
    # Counted before the slow part, so that a hundred tries at once are a hundred tries.
    _remember(digest, now=now)
    person = User.objects.filter(email=storable(addresses.normalize(email)), is_active=True).first()
    if person is None:
        # As slow as a wrong password, so that nobody learns here who works for the team.
        User().set_password(password)
    elif person.check_password(password):
        FailedSignIn.objects.filter(digest=digest).delete()
        return person
    raise WrongPassword(_("This address and password do not belong together. Check both and try again."))


def _digest(email: str, ip: str) -> str:
    return hashlib.sha256(f"{addresses.normalize(email)}\n{ip}".encode(errors="replace")).hexdigest()


def _seconds_to_wait(digest: str, *, now: datetime) -> int:
    row = FailedSignIn.objects.filter(digest=digest, last_at__gt=now - MEMORY).first()
    if row is None or row.failures < FREE_FAILURES:
        return 0
    wait = min(LONGEST_WAIT, timedelta(seconds=2 ** min(row.failures - FREE_FAILURES + 1, 10)))
    left = (row.last_at + wait - now).total_seconds()
    return max(0, -int(-left // 1))


def _remember(digest: str, *, now: datetime) -> None:
    with transaction.atomic():
        FailedSignIn.objects.filter(last_at__lt=now - MEMORY).delete()
        # Of several first tries at once, one makes the row and each is counted.
        FailedSignIn.objects.get_or_create(digest=digest, defaults={"failures": 0, "last_at": now})
        FailedSignIn.objects.filter(digest=digest).update(failures=F("failures") + 1, last_at=now)
