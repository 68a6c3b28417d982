"""What a directory does to teams: its groups. Teams are nested in none."""

from django.db.models import Prefetch, QuerySet
from django.utils.translation import gettext as _
from scim2_models import InvalidValueException, NotFoundException, UniquenessException

from postroom.core.accounts.actions.directory import Directory, note_team
from postroom.core.accounts.actions.directory_entries import remember
from postroom.core.accounts.actions.teams import add_team, rename_team, set_members
from postroom.core.accounts.models import Team, User
from postroom.core.conversations.actions.disband import disband
from postroom.faces.api.scim import people, shapes, shown, told
from postroom.faces.api.scim.numbers import number

# What every database takes as a list of values.
_AT_ONCE = 500


def rows() -> QuerySet[Team]:
    """Return all teams, those too that were made here."""
    members = Prefetch("members", User.objects.select_related("directory_entry"))
    return Team.objects.select_related("directory_entry").prefetch_related(members).order_by("pk")


def found(text: str) -> Team:
    """Return the team of this id."""
    team = rows().filter(pk=number(text)).first()
    if team is None:
        raise NotFoundException(detail=_("No team has this id."))
    return team


def create(wanted: shapes.Group, *, by: Directory) -> shapes.Group:
    """Make a team."""
    document, name = told.document(wanted), told.team_name(wanted)
    _refuse_taken(name, but=None)
    team = add_team(name=name, members=_members(wanted), by=by)
    note_team(team, external_id=told.external_id(wanted), by=by)
    remember(team, document=document)
    return shown.group(found(str(team.pk)))


def update(team: Team, *, wanted: shapes.Group, by: Directory) -> shapes.Group:
    """Make a team what the directory says it is; what it opens follows at once."""
    document, name = told.document(wanted), told.team_name(wanted)
    _refuse_taken(name, but=team)
    rename_team(team, name=name, by=by)
    note_team(team, external_id=told.external_id(wanted), by=by)
    set_members(team, members=_members(wanted), by=by)
    remember(team, document=document)
    return shown.group(found(str(team.pk)))


def remove(team: Team, *, by: Directory) -> None:
    """Forget a team; what it had is free to take."""
    disband(team, by=by)


def _members(wanted: shapes.Group) -> list[User]:
    ids = [(number(one.value or ""), one.type or "User") for one in wanted.members or []]
    if any(not pk or kind != "User" for pk, kind in ids):
        raise _no_member()
    asked = sorted({pk for pk, _kind in ids})
    some = [asked[start : start + _AT_ONCE] for start in range(0, len(asked), _AT_ONCE)]
    there = [person for part in some for person in people.rows().filter(pk__in=part)]
    if len(there) != len(asked):
        raise _no_member()
    return there


def _no_member() -> InvalidValueException:
    return InvalidValueException(
        detail=_("A member of this team is nobody here. Teams hold people, by their id. Nothing was changed.")
    )


def _refuse_taken(name: str, *, but: Team | None) -> None:
    same = Team.objects.filter(name__iexact=name)
    if (same.exclude(pk=but.pk) if but else same).exists():
        raise UniquenessException(
            detail=_("There is a team with this name already. Look for displayName eq the name to keep it.")
        )
