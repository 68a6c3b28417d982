"""The list of a condition: a page at a bounded cost, whatever the condition, at a million conversations."""

from dataclasses import dataclass, replace
from datetime import datetime

from django.db.models import Q, QuerySet

from postroom.core.accounts.models import User
from postroom.core.conversations.condition import words
from postroom.core.conversations.condition.few import FEW, NOT_NORMAL
from postroom.core.conversations.condition.language import EVERYTHING, Condition
from postroom.core.conversations.condition.plan import Plan, plan_of
from postroom.core.conversations.condition.where import scope
from postroom.core.conversations.models import Conversation
from postroom.core.conversations.queries import Cursor
from postroom.core.conversations.walks import Lane, Place, ends_of, places_of

NEWEST, OLDEST, WAITING, PRIORITY = "newest", "oldest", "waiting", "priority"
# The best match first; without words to match, the newest.
RANK = "rank"
SORTS = (NEWEST, OLDEST, WAITING, PRIORITY, RANK)
# Where nothing but walking helps, so many conversations of a list are looked at for one page: first few, then more.
# What is not found among them is found when the reader goes on; a page may therefore be short, or empty.
_STRETCHES = (1_500, 20_000)
# Beyond every id, and still a cursor.
_LAST_ID = 10**17


@dataclass(frozen=True)
class Selection:
    """The conversations for which a condition holds, in one of SORTS."""

    condition: Condition = EVERYTHING
    sort: str = NEWEST

    @property
    def status(self) -> str:
        """The status that all of them have; "" when they may have several."""
        found = scope(self.condition)
        return found[0] if len(found) == 1 else ""


_NEWEST = Lane(Q())
_LANES = {
    NEWEST: (_NEWEST,),
    RANK: (_NEWEST,),
    OLDEST: (Lane(Q(), descending=False),),
    WAITING: (Lane(Q(waiting_since__isnull=False), "waiting_since", descending=False), Lane(Q(waiting_since=None))),
    PRIORITY: tuple(Lane(Q(priority=level) & (NOT_NORMAL if level else Q())) for level in (2, 1, 0, -1)),
}


@dataclass(frozen=True)
class Found:
    """Ids in their order, and where to go on (None at the end)."""

    ids: tuple[int, ...]
    next: Cursor | None


def find_page(user: User, selection: Selection, *, before: Cursor | None, limit: int) -> Found:
    """Return one page of a selection, of what this person may see."""
    plan = _plan(user, selection)
    found: list[int] = []
    last: Cursor | None = None
    for number, lane in enumerate(_LANES[selection.sort]):
        if before and number < before.lane:
            continue
        since = before if before and number == before.lane else None
        room = limit - len(found)
        places, rest = _walk(user, plan, lane, since=since, limit=room + 1)
        found += [place.id for place in places[:room]]
        if shown := places[:room]:
            last = Cursor(shown[-1].at, shown[-1].id, number)
        if len(places) > room:
            return Found(tuple(found), last)
        if rest:
            return Found(tuple(found), replace(rest, lane=number))
    return Found(tuple(found), None)


def count(user: User, selection: Selection, *, most: int) -> tuple[int, bool]:
    """Return how many there are, up to `most`, and whether there may be more; never at more than the cost of a page."""
    plan = _plan(user, selection)
    rows = _rows(user, plan).filter(status__in=plan.statuses, mailbox_id__in=plan.mailboxes)
    bound = None if plan.bare or plan.few is not None else _bound(plan, _NEWEST, since=None, stretch=_STRETCHES[-1])
    rows = rows.filter(last_activity_at__gte=bound) if bound else rows.filter(plan.active)
    if bound and plan.before:
        rows = rows.filter(last_activity_at__lt=plan.before)
    n = rows.order_by()[: most + 1].count()
    return min(n, most), n > most or bound is not None


def _plan(user: User, selection: Selection) -> Plan:
    plan = plan_of(selection.condition, user=user)
    engine = words.engine()
    if not plan.terms or engine is None:
        return plan
    # Of very common words the newest finds are sorted.
    hits = engine.find(plan.terms, user=user, within=plan.within, order=words.BY_DATE, before="", limit=FEW)
    return replace(plan, few=tuple(hit.conversation_id for hit in hits.found))


def _rows(user: User, plan: Plan) -> QuerySet[Conversation]:
    rows = Conversation.objects.visible_to(user).filter(plan.rest)
    return rows if plan.few is None else rows.filter(pk__in=plan.few)


def _walk(user: User, plan: Plan, lane: Lane, *, since: Cursor | None, limit: int) -> tuple[list[Place], Cursor | None]:
    """Return the next of a lane, and where to go on when the stretch ended before enough were found."""
    rows = _rows(user, plan).filter(lane.where)
    if plan.bare or plan.few is not None:
        return places_of(plan, _ordered(rows, plan, lane, since=since), lane, limit=limit), None
    found: list[Place] = []
    for stretch in _STRETCHES:
        bound = _bound(plan, lane, since=since, stretch=stretch)
        part = _ordered(rows, plan, lane, since=since, until=bound)
        found += places_of(plan, part, lane, limit=limit - len(found))
        if len(found) >= limit or bound is None:
            return found, None
        since = Cursor(bound, 0 if lane.descending else _LAST_ID)
    return found, since


def _bound(plan: Plan, lane: Lane, *, since: Cursor | None, stretch: int) -> datetime | None:
    """Return how far a stretch of the lists goes; None when it reaches their end.

    No list is walked further than its share, and what lies before the bound is walked in all of them.
    """
    rows = _ordered(Conversation.objects.filter(lane.where), plan, lane, since=since)
    ends = ends_of(plan, rows, lane, stretch=stretch)
    # They come in the lane's own order: the first is the nearest.
    return ends[0].at if ends else None


def _ordered(
    rows: QuerySet[Conversation], plan: Plan, lane: Lane, *, since: Cursor | None, until: datetime | None = None
) -> QuerySet[Conversation]:
    """Return the rows in the lane's order, from where a page goes on until where its stretch ends."""
    sign, beyond, edge = ("-", "lte", "gte") if lane.descending else ("", "gte", "lte")
    if lane.by == "last_activity_at":
        # One end of each kind: with two of them SQLite begins at whichever stands first.
        after = None if (until if lane.descending else since) else plan.after
        before = None if (since if lane.descending else until) else plan.before
        rows = rows.filter(replace(plan, after=after, before=before).active)
    else:
        rows = rows.filter(plan.active)
    if until:
        rows = rows.filter(**{f"{lane.by}__{'gte' if lane.descending else 'lte'}": until})
    if since:
        # lte + exclude keeps both engines inside the index; an OR of two conditions does not (measured).
        rows = rows.filter(**{f"{lane.by}__{beyond}": since.at})
        rows = rows.exclude(**{lane.by: since.at, f"pk__{edge}": since.id})
    return rows.order_by(f"{sign}{lane.by}", f"{sign}pk")
