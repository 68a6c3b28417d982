from collections.abc import Sequence

from django.db import IntegrityError, connection, transaction
from django.utils.translation import gettext as _

from postroom.core.accounts.actions.access import settle
from postroom.core.accounts.models import NONE, Grant, Membership, Team, User
from postroom.core.accounts.permissions import ACCESS, may
from postroom.core.audit.write import write
from postroom.core.events.actor import Actor
from postroom.core.events.kinds import TeamAdded, TeamChanged, TeamDeleted, TeamRenamed
from postroom.core.events.record import record
from postroom.lib.text import one_line


class TeamRefused(Exception):
    """A team could not be made or changed; the sentence says why."""


def add_team(*, name: str, members: Sequence[User] = (), by: Actor) -> Team:
    """Make a group that work can be given to."""
    name = _clean(name)
    try:
        with transaction.atomic():
            team = Team.objects.create(name=name)
            team.members.set(members)
            after = {"members": sorted(person.name for person in members)}
            write("team.added", by=by, subject=f"team:{team.pk}", subject_name=name, after=after)
            record(TeamAdded(team=name, team_id=team.pk), by=by)
    except IntegrityError:
        raise _name_taken() from None
    return team


def rename_team(team: Team, *, name: str, by: Actor) -> bool:
    """Call a team otherwise. False when it was called so."""
    name = _clean(name)
    try:
        with transaction.atomic():
            was = held_team(team).name
            if was == name:
                return False
            Team.objects.filter(pk=team.pk).update(name=name)
            team.name = name
            write(
                "team.renamed",
                by=by,
                subject=f"team:{team.pk}",
                subject_name=name,
                before={"name": was},
                after={"name": name},
            )
            record(TeamRenamed(team=name, was=was, team_id=team.pk), by=by)
    except IntegrityError:
        raise _name_taken() from None
    return True


def set_members(team: Team, *, members: Sequence[User], by: Actor) -> bool:
    """Say who is in the team; what it may do in mailboxes follows at once. False when it was just these."""
    with transaction.atomic():
        held_team(team)
        before = dict(team.members.values_list("pk", "name"))
        after = {person.pk: person.name for person in members}
        if set(before) == set(after):
            return False
        grants = dict(Grant.objects.filter(team=team, level__gt=NONE).values_list("mailbox_id", "level"))
        if set(after) - set(before):
            _refuse_more(grants, by=by)
        team.members.set(members)
        settle(list(grants), by=by)
        write(
            "team.members",
            by=by,
            subject=f"team:{team.pk}",
            subject_name=team.name,
            before={"members": sorted(before.values())},
            after={"members": sorted(after.values())},
        )
        record(TeamChanged(team=team.name, team_id=team.pk), by=by)
    return True


def delete_team(team: Team, *, by: Actor) -> None:
    """Forget a team, with what it opened. Its conversations are freed before: conversations/actions/disband.py."""
    with transaction.atomic():
        held_team(team)
        mailboxes = list(Grant.objects.filter(team=team).values_list("mailbox_id", flat=True))
        before = {"members": sorted(team.members.values_list("name", flat=True))}
        number = team.pk
        Team.objects.filter(pk=number).delete()
        settle(mailboxes, by=by)
        write("team.deleted", by=by, subject=f"team:{number}", subject_name=team.name, before=before)
        record(TeamDeleted(team=team.name, team_id=number), by=by)


def held_team(team: Team) -> Team:
    """Hold the team's row until the transaction ends; TeamRefused when it is gone."""
    rows = Team.objects.filter(pk=team.pk)
    if connection.features.has_select_for_update:
        rows = rows.select_for_update(no_key=True)
    found = rows.first()
    if found is None:
        raise TeamRefused(_("This team is not there any more. Nothing was changed."))
    return found


def _refuse_more(grants: dict[int, int], *, by: Actor) -> None:
    """Whoever comes into a team may do what it may: nobody gives more than they have, or may give."""
    if not isinstance(by, User) or not grants or may(by, ACCESS):
        return
    mine = dict(Membership.objects.filter(user=by, mailbox__in=grants).values_list("mailbox_id", "level"))
    if any(mine.get(mailbox_id, NONE) < level for mailbox_id, level in grants.items()):
        raise TeamRefused(
            _("This team opens mailboxes that are not open to you. Nobody gives more than they have. Nothing was done.")
        )


def _clean(name: str) -> str:
    cleaned = one_line(name, length=80)
    if not cleaned:
        raise TeamRefused(_("Type a name for this team."))
    return cleaned


def _name_taken() -> TeamRefused:
    return TeamRefused(_("There is a team with this name already."))
