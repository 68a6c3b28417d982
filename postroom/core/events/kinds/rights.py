"""What happens to roles, and what else happens to teams."""

from dataclasses import dataclass

from django.utils.translation import gettext_lazy as _

from postroom.core.events.kinds.kind import Kind


@dataclass(frozen=True)
class RoleGiven(Kind):
    """Somebody has another role, and may do more or less by it."""

    name = "person.role_given"
    sentence = _("gave %(person)s the role %(role)s")
    personal = frozenset({"person"})
    person: str
    user_id: int
    # The code of a built-in role, or what a role of our own was called.
    role: str


@dataclass(frozen=True)
class RoleAdded(Kind):
    """A role of our own was made."""

    name = "role.added"
    sentence = _("made the role %(role)s")
    role: str
    role_id: int


@dataclass(frozen=True)
class RoleChanged(Kind):
    """A role of our own is called otherwise, or allows other things; all who have it may do those now."""

    name = "role.changed"
    sentence = _("changed the role %(role)s")
    role: str
    role_id: int


@dataclass(frozen=True)
class RoleDeleted(Kind):
    """A role that nobody had is gone."""

    name = "role.deleted"
    sentence = _("deleted the role %(role)s")
    role: str
    role_id: int


@dataclass(frozen=True)
class TeamRenamed(Kind):
    """A group is called otherwise."""

    name = "team.renamed"
    sentence = _("renamed the team %(was)s to %(team)s")
    team: str
    was: str
    team_id: int


@dataclass(frozen=True)
class TeamDeleted(Kind):
    """A group is gone, with what it opened; its conversations are free to take."""

    name = "team.deleted"
    sentence = _("deleted the team %(team)s")
    team: str
    team_id: int
