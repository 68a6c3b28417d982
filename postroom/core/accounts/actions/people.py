from django.contrib.auth import password_validation
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from postroom.core.accounts.models import AGENT, User
from postroom.core.audit.write import write
from postroom.core.events.actor import Actor
from postroom.core.events.kinds import PersonAdded
from postroom.core.events.record import record
from postroom.lib.addresses import is_address, normalize
from postroom.lib.text import one_line


class PersonRefused(Exception):
    """A person could not be added or changed; `field` names the input that has to change."""

    def __init__(self, sentence: str, *, field: str) -> None:
        super().__init__(sentence)
        self.field = field


def add_person(
    *, name: str, email: str, password: str, by: Actor | None = None, role: str = AGENT, language: str = "en"
) -> User:
    """Give somebody an own sign-in. `by` is None for the very first person, who adds themselves."""
    person = User(name=clean_name(name), email=clean_email(email), role=role, language=language)
    check_password(password, person=person)
    person.set_password(password)
    try:
        with transaction.atomic():
            person.save()
            after = {"email": person.email, "role": person.role}
            write("person.added", by=by or person, subject=f"person:{person.pk}", subject_name=person.name, after=after)
            record(PersonAdded(person=person.name, user_id=person.pk), by=by or person)
    except IntegrityError:
        raise PersonRefused(_("Somebody with this address is here already."), field="email") from None
    return person


def clean_name(name: str) -> str:
    """Return the name as it is kept; PersonRefused when there is nothing to call a person by."""
    cleaned = one_line(name, length=120)
    if not cleaned:
        raise PersonRefused(_("Type the name that colleagues and customers know."), field="name")
    return cleaned


def check_password(password: str, *, person: User) -> None:
    """Refuse a password that is short or well known; length is what counts."""
    if len(password) > 1000:
        raise PersonRefused(_("This password is too long."), field="password")
    try:
        password_validation.validate_password(password, person)
    except ValidationError as error:
        raise PersonRefused(" ".join(error.messages), field="password") from None


def clean_email(email: str) -> str:
    """Return the address as it is compared and kept; PersonRefused when it is none."""
    cleaned = normalize(email)
    if not is_address(cleaned):
        raise PersonRefused(_("This is not a mail address. It looks like name@example.org."), field="email")
    return cleaned
