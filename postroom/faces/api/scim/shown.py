"""How a person and a team look to a directory: what it sent, as long as that still says what is so here."""

import hashlib
import json
from datetime import datetime

from scim2_models import Meta, Reference

from postroom.core.accounts.models import DirectoryEntry, Team
from postroom.core.accounts.models import User as Person
from postroom.faces.api.scim import told
from postroom.faces.api.scim.shapes import Email, Group, GroupMember, GroupMembership, Name, User
from postroom.lib.text import one_line


def user(person: Person) -> User:
    """Return a person; queries their entry and teams unless these were fetched along."""
    entry = entry_of(person)
    shape = User.model_validate(entry.document) if entry else User()
    if told.email_if_any(shape) != person.email:
        shape.user_name = person.email
        shape.emails = [Email(value=person.email, type="work", primary=True)]
    if told.name(shape) != person.name:
        shape.name, shape.display_name = Name(formatted=person.name), person.name
    shape.id, shape.external_id = str(person.pk), person.external_id or None
    # Somebody who was invited and has not come yet is on the way in.
    shape.active = person.is_active or person.deactivated_at is None
    groups = sorted((team.pk, team.name) for team in person.teams.all())
    shape.groups = [
        GroupMembership(value=str(pk), display=name, ref=Reference[Group](f"Groups/{pk}")) for pk, name in groups
    ] or None
    shape.meta = _meta("User", shape, entry, since=person.created_at)
    return shape


def group(team: Team) -> Group:
    """Return a team with those in it whom the directory has not removed."""
    entry = entry_of(team)
    shape = Group.model_validate(entry.document) if entry else Group()
    if one_line(shape.display_name or "", length=80) != team.name:
        shape.display_name = team.name
    shape.id, shape.external_id = str(team.pk), team.external_id or None
    people = sorted(person.pk for person in team.members.all() if not is_removed(person))
    shape.members = [
        GroupMember(value=str(pk), type="User", ref=Reference[User](f"Users/{pk}")) for pk in people
    ] or None
    shape.meta = _meta("Group", shape, entry, since=None)
    return shape


def entry_of(kept: Person | Team) -> DirectoryEntry | None:
    """Return what the directory has told of them, if it did."""
    return getattr(kept, "directory_entry", None)


def is_removed(person: Person) -> bool:
    """Tell whether the directory has deleted this person."""
    entry = entry_of(person)
    return entry is not None and entry.removed_at is not None


def _meta(kind: str, shape: User | Group, entry: DirectoryEntry | None, *, since: datetime | None) -> Meta:
    """Give it a version that changes with whatever is shown, also when it was changed here and not by a directory."""
    seen = json.dumps(shape.model_dump(), sort_keys=True, default=str)
    digest = hashlib.sha256(seen.encode(errors="replace")).hexdigest()[:16]
    return Meta(
        resource_type=kind,
        created=entry.created_at if entry else since,
        last_modified=entry.changed_at if entry else since,
        version=f'W/"{entry.version if entry else 0}-{digest}"',
    )
