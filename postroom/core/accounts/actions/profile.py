from django.conf import settings
from django.db import transaction
from django.utils.translation import gettext as _

from postroom.core.accounts.actions.people import PersonRefused, check_password, clean_name
from postroom.core.accounts.models import User
from postroom.core.events.actor import Actor
from postroom.core.events.kinds import PasswordChanged, PersonChanged
from postroom.core.events.record import record


def change_profile(person: User, *, name: str, language: str, single_keys: bool, by: Actor) -> bool:
    """Change what a person is called, reads and presses. False when nothing was different."""
    changed = {"name": clean_name(name), "language": known_language(language), "single_keys": single_keys}
    if all(getattr(person, field) == value for field, value in changed.items()):
        return False
    with transaction.atomic():
        User.objects.filter(pk=person.pk).update(**changed)
        for field, value in changed.items():
            setattr(person, field, value)
        record(PersonChanged(person=person.name, user_id=person.pk), by=by)
    return True


def set_password(person: User, *, password: str, by: Actor) -> None:
    """Give a person a new password; sessions that were opened with the old one end."""
    check_password(password, person=person)
    person.set_password(password)
    with transaction.atomic():
        User.objects.filter(pk=person.pk).update(password=person.password)
        record(PasswordChanged(person=person.name, user_id=person.pk), by=by)


def known_language(language: str) -> str:
    """Return the language's code; PersonRefused for one that the pages are not in."""
    if language not in {code for code, _name in settings.LANGUAGES}:
        raise PersonRefused(_("Postroom does not speak this language yet."), field="language")
    return language
