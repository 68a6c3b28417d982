"""What a directory (SCIM) may do to people: bring and rename them. conversations/actions/deactivate.py lets them go."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from django.db import IntegrityError, connection, transaction
from django.utils.translation import gettext as _

from postroom.core.accounts.actions.people import PersonRefused, clean_email, clean_name
from postroom.core.accounts.models import Team, User
from postroom.core.audit.write import write
from postroom.core.events.actor import Actor
from postroom.core.events.kinds import PersonAdded, PersonChanged
from postroom.core.events.record import record

# PostgreSQL's advisory locks are one room of numbers for everybody ("scim").
_LOCK = 0x7363696D << 31


class AlreadyHere(PersonRefused):
    """The address, or the directory's own id, belongs to somebody else."""


@dataclass(frozen=True)
class Directory:
    """Who does things when a directory tells us to: the audit log has the name of its token."""

    actor_id: int | None
    name: str
    actor_kind: str = "directory"


@contextmanager
def one_at_a_time() -> Iterator[None]:
    """Open a transaction that no other change by a directory runs beside: two that bring one person see each other."""
    with transaction.atomic():
        if connection.vendor == "postgresql":
            with connection.cursor() as cursor:
                cursor.execute("SELECT pg_advisory_xact_lock(%s)", [_LOCK])
        yield


def bring(*, email: str, name: str, external_id: str, by: Actor) -> User:
    """Add somebody whom a directory keeps: without a password, so that they come by single sign-on or an invitation."""
    person = User(email=clean_email(email), name=clean_name(name), external_id=external_id)
    person.set_unusable_password()
    try:
        with transaction.atomic():
            person.save()
            after = {"email": person.email, "role": person.role, "external_id": person.external_id}
            write("person.added", by=by, subject=f"person:{person.pk}", subject_name=person.name, after=after)
            record(PersonAdded(person=person.name, user_id=person.pk), by=by)
    except IntegrityError:
        raise _taken() from None
    return person


def correct(person: User, *, email: str, name: str, external_id: str, by: Actor) -> bool:
    """Write what the directory calls somebody now. False when nothing was different."""
    wanted = {"email": clean_email(email), "name": clean_name(name), "external_id": external_id}
    changed = {field: value for field, value in wanted.items() if getattr(person, field) != value}
    if not changed:
        return False
    before = {field: str(getattr(person, field)) for field in changed}
    try:
        with transaction.atomic():
            User.objects.filter(pk=person.pk).update(**changed)
            subject = f"person:{person.pk}"
            write("person.directory", by=by, subject=subject, subject_name=wanted["name"], before=before, after=changed)
            record(PersonChanged(person=wanted["name"], user_id=person.pk), by=by)
    except IntegrityError:
        raise _taken() from None
    for field, value in changed.items():
        setattr(person, field, value)
    return True


def note_team(team: Team, *, external_id: str, by: Actor) -> bool:
    """Keep what the directory calls a team. False when it was so; AlreadyHere when another team is called so."""
    if team.external_id == external_id:
        return False
    before, after = {"external_id": team.external_id}, {"external_id": external_id}
    try:
        with transaction.atomic():
            Team.objects.filter(pk=team.pk).update(external_id=external_id)
            subject = f"team:{team.pk}"
            write("team.directory", by=by, subject=subject, subject_name=team.name, before=before, after=after)
    except IntegrityError:
        raise AlreadyHere(_("Another team has this id of the directory already."), field="external_id") from None
    team.external_id = external_id
    return True


def _taken() -> AlreadyHere:
    return AlreadyHere(_("Somebody with this address, or this id of the directory, is here already."), field="email")
