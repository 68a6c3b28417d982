from collections.abc import Sequence

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from postroom.core.accounts.models import Team, User
from postroom.core.events.actor import Actor
from postroom.core.events.kinds import TeamAdded, TeamChanged
from postroom.core.events.record import record
from postroom.lib.text import one_line


class TeamRefused(Exception):
    """A team could not be made; the sentence says why."""


def add_team(*, name: str, members: Sequence[User] = (), by: Actor) -> Team:
    """Make a group that work can be given to."""
    name = one_line(name, length=80)
    if not name:
        raise TeamRefused(_("Type a name for this team."))
    try:
        with transaction.atomic():
            team = Team.objects.create(name=name)
            team.members.set(members)
            record(TeamAdded(team=name, team_id=team.pk), by=by)
    except IntegrityError:
        raise TeamRefused(_("There is a team with this name already.")) from None
    return team


def set_members(team: Team, *, members: Sequence[User], by: Actor) -> bool:
    """Say who is in the team. False when it was just these."""
    with transaction.atomic():
        if set(team.members.values_list("pk", flat=True)) == {person.pk for person in members}:
            return False
        team.members.set(members)
        record(TeamChanged(team=team.name, team_id=team.pk), by=by)
    return True
