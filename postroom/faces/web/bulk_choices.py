"""What a selection can be given to: people, teams and mailboxes, as far as this person may."""

from dataclasses import dataclass

from django.http import HttpRequest

from postroom.core.accounts.models import ANSWERING, Mailbox, Team, User
from postroom.core.accounts.permissions import ANSWER, may
from postroom.core.accounts.rights import rights_everywhere
from postroom.core.conversations.bulk.jobs import MOST
from postroom.core.conversations.bulk.scope import scope_of, within
from postroom.core.conversations.folders import TEAM, Folder, folder_counts
from postroom.faces.web.access import person
from postroom.faces.web.places import Place

# A search is not counted further for the bar; the exact number is said before anything is done.
_COUNTED = 10_000


@dataclass(frozen=True)
class Choices:
    """Whether anything may be changed, and the owners and mailboxes to choose from."""

    answers: bool
    people: tuple[User, ...]
    teams: tuple[Team, ...]
    mailboxes: tuple[Mailbox, ...]


def choices(request: HttpRequest, place: Place) -> Choices:
    """Return what the bar above a list offers: four queries."""
    me = person(request)
    here = [number for number, rights in rights_everywhere(me).items() if rights.answers]
    asked = place.folder.mailbox_id if isinstance(place.folder, Folder) else None
    within_them = [number for number in here if asked in (None, number)]
    rows = User.objects.filter(
        is_active=True, membership__mailbox__in=within_them, membership__level__gte=ANSWERING
    ).distinct()
    people = [one for one in rows.select_related("custom_role").order_by("name", "pk") if may(one, ANSWER)]
    teams = Team.objects.filter(members__in=people).distinct().order_by("name")
    mailboxes = Mailbox.objects.filter(pk__in=here).exclude(pk=asked or 0).order_by("name")
    return Choices(bool(within_them), tuple(people), tuple(teams), tuple(mailboxes) if len(here) > 1 else ())


def scope(place: Place) -> str:
    """Return the list as the core's bulk changes name it."""
    return place.key if isinstance(place.folder, Folder) else scope_of(str(place.folder.condition))


def count_of(request: HttpRequest, place: Place) -> int:
    """Return how many conversations the list holds: of folders the kept count, of others up to a bound."""
    me, folder = person(request), place.folder
    if isinstance(folder, Folder):
        counts = folder_counts(me)
        return (
            counts.teams.get(folder.team_id or 0, 0)
            if folder.name == TEAM
            else counts.of(folder.name, folder.mailbox_id)
        )
    return within(scope(place), user=me)[: _COUNTED + 1].count()


def exact_count(request: HttpRequest, place: Place) -> int:
    """Return how many conversations would be changed now, up to one more than may be."""
    return within(scope(place), user=person(request))[: MOST + 1].count()
