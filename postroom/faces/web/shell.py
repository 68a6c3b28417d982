"""The sidebar around every page of a signed-in person."""

from collections.abc import Mapping
from dataclasses import dataclass

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from postroom.core.accounts.models import Mailbox, Team, User
from postroom.core.accounts.queries import mailboxes_of
from postroom.core.conversations.folders import NAMES, Counts, folder_counts
from postroom.faces.web.access import person
from postroom.faces.web.places import Place, mailbox_place, place, team_place
from postroom.followers.notifications.read import unseen


@dataclass(frozen=True)
class Shelf:
    """One mailbox or team of the sidebar with its lists."""

    name: str
    address: str
    places: tuple[tuple[Place, int], ...]
    unfinished: int


@dataclass(frozen=True)
class Sidebar:
    """All lists a person can open, with how many conversations each holds."""

    folders: tuple[tuple[Place, int], ...]
    mailboxes: tuple[Shelf, ...]
    teams: tuple[tuple[Place, int], ...]
    # What the person was told and has not looked at.
    unseen: int
    user: User


def sidebar(user: User) -> Sidebar:
    """Read the sidebar: four queries, whatever the size of the inbox."""
    counts = folder_counts(user)
    teams = Team.objects.filter(members=user).order_by("name")
    everywhere = tuple((found, counts.of(name)) for name in NAMES if (found := place(user, key=name)))
    return Sidebar(
        folders=everywhere,
        mailboxes=tuple(_shelf(mailbox, counts) for mailbox in mailboxes_of(user)),
        teams=tuple((team_place(team), counts.teams.get(team.pk, 0)) for team in teams),
        unseen=unseen(user),
        user=user,
    )


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


def _shelf(mailbox: Mailbox, counts: Counts) -> Shelf:
    places = tuple((mailbox_place(mailbox, name=name), counts.of(name, mailbox.pk)) for name in NAMES)
    return Shelf(mailbox.name, mailbox.address, places, counts.of("open", mailbox.pk))
