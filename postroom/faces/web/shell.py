"""The sidebar around every page of a signed-in person."""

from collections.abc import Mapping
from dataclasses import dataclass

from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from postroom.channels.mail.alarm_list import listed_alarms
from postroom.channels.mail.models import Alarm
from postroom.core.accounts.models import Mailbox, Team, User
from postroom.core.accounts.queries import mailboxes_of
from postroom.core.conversations.folders import EVERYONE, NAMES, PERSONAL, Counts, folder_counts
from postroom.core.conversations.views import Tally, shown_views_of, tally
from postroom.core.events import log
from postroom.faces.web.access import person
from postroom.faces.web.places import Place, mailbox_places, place, team_place, view_place
from postroom.followers.notifications.read import unseen
from postroom.lib.prepared import prepared

# One's own after what is to be done.
_EVERYWHERE = tuple(one for name in NAMES for one in ((name, *PERSONAL) if name == EVERYONE else (name,)))


@dataclass(frozen=True)
class Shelf:
    """One mailbox or team of the sidebar with its lists."""

    name: str
    address: str
    places: tuple[tuple[Place, int], ...]
    unfinished: int
    mailbox_id: int
    # How many alarms there are about its mail.
    alarms: int

    def __hash__(self) -> int:
        # Its lists have names in all languages, which take longer to hash than to compare.
        return hash((self.mailbox_id, self.unfinished, self.alarms))


@dataclass(frozen=True)
class Sidebar:
    """All lists a person can open, with how many conversations each holds."""

    folders: tuple[tuple[Place, int], ...]
    mailboxes: tuple[Shelf, ...]
    teams: tuple[tuple[Place, int], ...]
    # What the person was told and has not looked at.
    unseen: int
    user: User
    # What is wrong with the mail of these mailboxes, the oldest first.
    alarms: tuple[Alarm, ...] = ()
    # Saved filters. None: not counted yet, the page asks for it when it is there.
    views: tuple[tuple[Place, Tally | None], ...] = ()


# Asked by every page.
_mailboxes, _views = prepared(mailboxes_of), prepared(shown_views_of)


@prepared
def _teams(user: User) -> QuerySet[Team]:
    return Team.objects.filter(members=user).order_by("name")


def sidebar(user: User) -> Sidebar:
    """Read the sidebar: six queries, whatever the size of the inbox, and what is known of the views' counts."""
    counts = folder_counts(user)
    alarms = tuple(listed_alarms(user))
    everywhere = tuple((found, counts.of(name)) for name in _EVERYWHERE if (found := place(user, key=name)))
    return Sidebar(
        folders=everywhere,
        mailboxes=tuple(_shelf(mailbox, counts, alarms=alarms) for mailbox in _mailboxes(user)),
        teams=tuple((team_place(team), counts.teams.get(team.pk, 0)) for team in _teams(user)),
        unseen=unseen(user),
        user=user,
        alarms=alarms,
        views=views(user),
    )


def views(user: User, *, asking: bool = False) -> tuple[tuple[Place, Tally | None], ...]:
    """Read the views of the sidebar; `asking`: count what is not known."""
    found = _views(user)
    position = log.end() if found else log.Position()
    return tuple((view_place(view), tally(view, user=user, at=position, asking=asking)) for view in found)


def current_place(request: HttpRequest) -> Place | None:
    """Return the list that the page shows, as it says itself."""
    return place(person(request), key=request.GET.get("in", ""))


def page(
    request: HttpRequest,
    template: str,
    context: Mapping[str, object],
    *,
    current: Place | None = None,
    status: int = 200,
) -> HttpResponse:
    """Answer with a page inside the shell; `current` is the list it shows, if any."""
    around = {"sidebar": sidebar(person(request)), "place": current}
    return render(request, template, {**around, **context}, status=status)


def _shelf(mailbox: Mailbox, counts: Counts, *, alarms: tuple[Alarm, ...]) -> Shelf:
    places = tuple(
        (found, counts.of(name, mailbox.pk)) for name, found in zip(NAMES, mailbox_places(mailbox), strict=True)
    )
    return Shelf(
        name=mailbox.name,
        address=mailbox.address,
        places=places,
        unfinished=counts.of("open", mailbox.pk),
        mailbox_id=mailbox.pk,
        alarms=sum(alarm.mailbox_id == mailbox.pk for alarm in alarms),
    )
