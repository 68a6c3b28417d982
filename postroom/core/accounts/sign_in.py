"""Check who somebody is, slowly for those who guess (guessing.py)."""

from django.utils.translation import gettext as _

from postroom.core.accounts.guessing import Attempt, TooManyTries, forget_failures, remember_failure
from postroom.core.accounts.known import known_device
from postroom.core.accounts.models import User
from postroom.core.accounts.passwords import LONGEST
from postroom.core.audit.refusals import note_refusal
from postroom.lib import addresses
from postroom.lib.text import storable

__all__ = ["TooManyTries", "WrongPassword", "recognise"]


class WrongPassword(Exception):
    """No active person has this address and this password; the sentence may be shown."""


def recognise(*, email: str, password: str, ip: str, device: str = "") -> User:
    """Return the active person with this address and password.

    `device` is the token of the browser's long-lived cookie, empty without one. Raises WrongPassword, or TooManyTries
    when this has to wait, which nothing is compared for.
    """
    attempt = Attempt(account=email, ip=ip, device=known_device(email, token=device))
    person = User.objects.filter(email=storable(addresses.normalize(email)), is_active=True).first()
    try:
        remember_failure(attempt)
    except TooManyTries:
        note_refusal(person_id=person.pk if person else None)
        raise
    if _is_right(person, password):
        forget_failures(attempt)
        assert person is not None
        return person
    note_refusal(person_id=person.pk if person else None)
    raise WrongPassword(_("This address and password do not belong together. Check both and try again."))


def _is_right(person: User | None, password: str) -> bool:
    """Compare; as slow for nobody as for somebody, so that one does not learn here who works for the team."""
    if len(password) > LONGEST:
        return False
    if person is None or not person.has_usable_password():
        User.check_nobodys_password(password)
        return False
    return person.check_password(password)
