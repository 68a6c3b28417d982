"""Saved views: which ones somebody has in their sidebar, and how many conversations each of them holds for them."""

import zlib
from dataclasses import dataclass

from django.core.cache import cache
from django.db.models import Case, F, FilteredRelation, IntegerField, Q, QuerySet, Value, When

from postroom.core.accounts.models import User
from postroom.core.accounts.permissions import TEAMS, may
from postroom.core.conversations.condition import Parsed, parse, read
from postroom.core.conversations.models import View, ViewPlace
from postroom.core.conversations.selections import NEWEST, SORTS, Selection, count
from postroom.core.events import log

# So many are counted; beyond, "1,000+" is all that anybody wants to know.
MOST = 1_000
# Nothing has happened since: a count is what it was. Ages ("older:3d") go on by themselves.
_KEPT_SECONDS = 60


@dataclass(frozen=True)
class Tally:
    """How many conversations a view holds for one person; `more`: at least so many."""

    n: int
    more: bool = False


def views_of(user: User) -> QuerySet[View]:
    """Return the views that somebody may open, in the order of their sidebar.

    What they have put somewhere comes first; then their own, the teams', and everybody's.
    """
    if not user.is_active:
        return View.objects.none()
    seen = Q(owner=user) | Q(for_all=True) | Q(team__members=user)
    shelf = Case(
        When(owner=user, then=Value(0)),
        When(for_all=False, then=Value(1)),
        default=Value(2),
        output_field=IntegerField(),
    )
    rows = View.objects.filter(pk__in=View.objects.filter(seen).values("pk")).select_related("team", "owner")
    rows = rows.annotate(mine=FilteredRelation("placed", condition=Q(placed__user=user)))
    return rows.order_by(F("mine__position").asc(nulls_last=True), shelf, "position", "name", "pk")


def shown_views_of(user: User) -> QuerySet[View]:
    """Return the views in somebody's sidebar: those that they have not hidden there."""
    return views_of(user).filter(Q(mine__hidden=False) | Q(mine__isnull=True)) if user.is_active else views_of(user)


def hidden_by(user: User) -> set[int]:
    """Return the ids of the views that somebody has hidden from their own sidebar."""
    return set(ViewPlace.objects.filter(user=user, hidden=True).values_list("view_id", flat=True))


def may_change(view: View, *, by: User) -> bool:
    """Tell whether somebody may change a view: it is theirs, or it is shared and they say who is in which team."""
    return by.is_active and (view.owner_id == by.pk or ((view.for_all or view.team_id is not None) and may(by, TEAMS)))


def selection_of(view: View) -> Selection:
    """Return what a view shows. A condition that no longer holds (its tag is gone) finds nothing by that part."""
    return Selection(read(view.condition).condition, view.sort if view.sort in SORTS else NEWEST)


def parsed_for(view: View, *, user: User) -> Parsed:
    """Return the view's condition as its reader means it: what they cannot name is a fault, and said."""
    return parse(view.condition, by=user)


def tally(view: View, *, user: User, at: log.Position, asking: bool = True) -> Tally | None:
    """Count a view for one person, once until something happens; None when it is not known and nobody is `asking`.

    `at` is the present end of the log.
    """
    key = f"view-count-{view.pk}-{user.pk}-{at}-{zlib.crc32(view.condition.encode())}"
    kept: Tally | None = cache.get(key)
    if kept is None and asking:
        kept = Tally(*count(user, selection_of(view), most=MOST))
        # What somebody has read is in no event.
        if "read" not in view.condition:
            cache.set(key, kept, _KEPT_SECONDS)
    return kept
