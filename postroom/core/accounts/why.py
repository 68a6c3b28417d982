"""Who sees which mailbox, and why: the grants behind every effective right."""

from collections import defaultdict
from collections.abc import Collection, Iterable
from dataclasses import dataclass

from django.db.models import Q

from postroom.core.accounts.models import NONE, Grant, Mailbox, Membership, Team, User
from postroom.core.accounts.permissions import permissions_of
from postroom.core.accounts.rights import Rights


@dataclass(frozen=True)
class Why:
    """What one person may do in one mailbox, and what was decided about it.

    `own` is their own grant, None when nothing was decided for them; `teams` are (name, level) of what their teams
    were granted, the highest first.
    """

    person: User
    mailbox: Mailbox
    rights: Rights
    own: int | None
    teams: tuple[tuple[str, int], ...]

    @property
    def level(self) -> int:
        """The level that counts, whatever the role makes of it."""
        return self.rights.level


def why_in(mailbox: Mailbox) -> list[Why]:
    """Return everybody and what they may do in a mailbox, by name; of deactivated people those it was decided for."""
    grants = list(Grant.objects.filter(mailbox=mailbox).select_related("team"))
    own = {grant.user_id for grant in grants if grant.user_id}
    people = User.objects.select_related("custom_role").prefetch_related("teams").order_by("name", "pk")
    shown = [person for person in people if person.is_active or person.pk in own]
    levels = dict(Membership.objects.filter(mailbox=mailbox).values_list("user_id", "level"))
    return [
        _why(
            person, mailbox, grants, inside={team.pk for team in person.teams.all()}, level=levels.get(person.pk, NONE)
        )
        for person in shown
    ]


def why_of(person: User) -> list[Why]:
    """Return all mailboxes and what this person may do in each, by name."""
    grants = defaultdict(list)
    for grant in Grant.objects.filter(Q(user=person) | Q(team__members=person)).select_related("team"):
        grants[grant.mailbox_id].append(grant)
    levels = dict(Membership.objects.filter(user=person).values_list("mailbox_id", "level"))
    inside = set(person.teams.values_list("pk", flat=True))
    return [
        _why(person, mailbox, grants[mailbox.pk], inside=inside, level=levels.get(mailbox.pk, NONE))
        for mailbox in Mailbox.objects.order_by("name", "pk")
    ]


def teams_in(mailbox: Mailbox) -> list[tuple[Team, int | None]]:
    """Return every team with what it was granted in a mailbox, by name."""
    levels = dict(Grant.objects.filter(mailbox=mailbox, team__isnull=False).values_list("team_id", "level"))
    return [(team, levels.get(team.pk)) for team in Team.objects.prefetch_related("members").order_by("name")]


def _why(person: User, mailbox: Mailbox, grants: Iterable[Grant], *, inside: Collection[int], level: int) -> Why:
    teams = [(grant.team.name, grant.level) for grant in grants if grant.team and grant.team_id in inside]
    own = next((grant.level for grant in grants if grant.user_id == person.pk), None)
    highest_first = tuple(sorted((team for team in teams if team[1] > NONE), key=lambda team: (-team[1], team[0])))
    return Why(person, mailbox, Rights(level, permissions_of(person)), own, highest_first)
