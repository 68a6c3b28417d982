from django.conf import settings
from django.db import transaction
from django.utils.translation import gettext as _

from postroom.core.accounts.actions.people import PersonRefused, check_password, clean_name
from postroom.core.accounts.actions.sessions import end_sessions
from postroom.core.accounts.models import User
from postroom.core.accounts.time_zones import time_zones
from postroom.core.accounts.working_hours import Hours
from postroom.core.audit.write import write
from postroom.core.events.actor import Actor
from postroom.core.events.kinds import PasswordChanged, PersonChanged
from postroom.core.events.record import record


def change_profile(
    person: User,
    *,
    name: str,
    language: str,
    single_keys: bool,
    by: Actor,
    time_zone: str | None = None,
    working_hours: Hours | None = None,
) -> bool:
    """Change what a person is called, reads and presses, where and when they work. False when nothing was different.

    None leaves a field as it is; an empty time zone is the installation's own.
    """
    wanted: dict[str, object] = {
        "name": clean_name(name),
        "language": known_language(language),
        "single_keys": single_keys,
    }
    if time_zone is not None:
        wanted["time_zone"] = known_time_zone(time_zone)
    if working_hours is not None:
        wanted["working_hours"] = working_hours
    changed = {field: value for field, value in wanted.items() if getattr(person, field) != value}
    if not changed:
        return False
    before = {field: _said(getattr(person, field)) for field in changed}
    with transaction.atomic():
        User.objects.filter(pk=person.pk).update(**changed)
        for field, value in changed.items():
            setattr(person, field, value)
        after = {field: _said(value) for field, value in changed.items()}
        place = f"person:{person.pk}"
        write("person.profile", by=by, subject=place, subject_name=person.name, before=before, after=after)
        record(PersonChanged(person=person.name, user_id=person.pk), by=by)
    return True


def set_password(person: User, *, password: str, by: Actor, keep_session: str = "") -> None:
    """Give a person a new password; their sessions end, but for the one with the key `keep_session`."""
    check_password(password, person=person)
    person.set_password(password)
    with transaction.atomic():
        User.objects.filter(pk=person.pk).update(password=person.password)
        end_sessions(person, except_key=keep_session, by=by)
        write("person.password", by=by, subject=f"person:{person.pk}", subject_name=person.name)
        record(PasswordChanged(person=person.name, user_id=person.pk), by=by)


def known_language(language: str) -> str:
    """Return the language's code; PersonRefused for one that the pages are not in."""
    if language not in {code for code, _name in settings.LANGUAGES}:
        raise PersonRefused(_("Postroom does not speak this language yet."), field="language")
    return language


def known_time_zone(name: str) -> str:
    """Return the IANA name, empty for the installation's own; PersonRefused for one that nobody has heard of."""
    name = name.strip()
    if name and name not in time_zones():
        raise PersonRefused(
            _("There is no such time zone. Choose one from the list, such as Europe/Berlin."), field="time_zone"
        )
    return name


def _said(value: object) -> str | bool:
    return value if isinstance(value, bool) else str(value)
