"""A name and a password of the ordinary form: ours first, then the directory's."""

import logging

from django.utils.translation import gettext as _

from postroom.core.accounts import sign_in
from postroom.core.accounts.actions import sign_on
from postroom.core.accounts.guessing import Attempt, forget_failures
from postroom.core.accounts.known import known_device
from postroom.core.accounts.models import SignInProvider, User
from postroom.core.accounts.models.sign_on import LDAP
from postroom.core.accounts.passwordless import may_use_password
from postroom.core.accounts.policy import policy
from postroom.core.accounts.sign_on import SignOnRefused
from postroom.faces.web.sign_on.words import how

log = logging.getLogger(__name__)


def providers_with_buttons() -> list[SignInProvider]:
    """Return those that people go to from the sign-in page, by name."""
    return list(SignInProvider.objects.filter(enabled=True).exclude(kind=LDAP).order_by("name", "pk"))


def providers_of(person: User) -> list[SignInProvider]:
    """Return those that sign this person in by a button, by name."""
    mine = SignInProvider.objects.filter(enabled=True, links__user=person).exclude(kind=LDAP)
    return list(mine.distinct().order_by("name", "pk"))


def asks_directory() -> bool:
    """Tell whether a name that is no address may be right as well."""
    return SignInProvider.objects.filter(enabled=True, kind=LDAP).exists()


def recognise(*, email: str, password: str, ip: str, device: str) -> tuple[User, str]:
    """Return who this is and by what they showed it ("password", "ldap:Directory").

    As `sign_in.recognise`, which counts the try: raises WrongPassword or TooManyTries.
    """
    try:
        person = sign_in.recognise(email=email, password=password, ip=ip, device=device)
        if may_use_password(person):
            return person, "password"
        mistake = _wrong()
    except sign_in.WrongPassword as wrong:
        mistake = str(wrong) if policy().password_sign_in else _wrong()
    for provider in SignInProvider.objects.filter(enabled=True, kind=LDAP).order_by("pk"):
        found, why = _in_directory(provider, login=email, password=password)
        if found:
            forget_failures(Attempt(account=email, ip=ip, device=known_device(email, token=device)))
            return found, how(provider)
        mistake = why or mistake
    raise sign_in.WrongPassword(mistake)


def _in_directory(provider: SignInProvider, *, login: str, password: str) -> tuple[User | None, str]:
    """Return who it is; or nobody, and why when it is not simply a wrong password."""
    from postroom.faces.web.sign_on import directory

    try:
        said = directory.recognise(provider, login=login.strip(), password=password)
        return (sign_on.recognise(provider, said=said), "") if said else (None, "")
    except directory.DirectoryDown as down:
        # Strangers read the sign-in page: which server has what trouble is for the log and for the test button.
        log.warning("%s: %s", provider.name, down)
        return None, _("%s could not be asked for your password. Nobody is signed in; try again soon.") % provider.name
    except SignOnRefused as refusal:
        return None, str(refusal)


def _wrong() -> str:
    return _(
        "This address and password do not belong together, or passwords are switched off here. Sign in with one of "
        "the buttons."
    )
