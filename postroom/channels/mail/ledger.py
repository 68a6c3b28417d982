"""The ledger: every mail that ever reached a mailbox, in the one state it ended in."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta

from django.db.models import QuerySet, Sum

from postroom.channels.mail.models import DUPLICATE, FILED, PARKED, QUARANTINED, STORED, IncomingMail, LedgerCount
from postroom.core.accounts.models import Mailbox
from postroom.core.conversations.models import Contact, Message
from postroom.lib.addresses import normalize

STATES = (FILED, STORED, PARKED, QUARANTINED, DUPLICATE)
# What waits is counted row by row, so only this far.
MOST_WAITING = 10_000
# Mail of one moment may be numbered in another order than it came, by transactions that overlap.
_OVERLAP = timedelta(minutes=10)


@dataclass(frozen=True)
class Counts:
    """How many mails are in each state. `waiting_is_more` when more wait than were counted."""

    by_state: dict[str, int] = field(default_factory=dict)
    waiting_is_more: bool = False

    def of(self, state: str) -> int:
        """Return the number for a state; all of them for ""."""
        return self.by_state.get(state, 0) if state else sum(self.by_state.values())


@dataclass(frozen=True)
class Slice:
    """Mails, newest first, and the id before which the next slice begins (None at the end)."""

    mails: tuple[IncomingMail, ...]
    next: int | None


def counts(mailbox: Mailbox) -> Counts:
    """Return the mailbox's figures, from the rows that the triggers keep and the few that still wait."""
    rows = LedgerCount.objects.filter(mailbox_id=mailbox.pk).values_list("state").annotate(total=Sum("n"))
    by_state = {state: n for state, n in rows if n > 0}
    waiting = IncomingMail.objects.filter(mailbox=mailbox, state=STORED)[: MOST_WAITING + 1].count()
    by_state[STORED] = min(waiting, MOST_WAITING)
    return Counts(by_state, waiting_is_more=waiting > MOST_WAITING)


def days(mailbox: Mailbox, *, transports: Iterable[str] | None = None, limit: int = 14) -> list[tuple[date, int]]:
    """Return how many mails reached us on each of the last days (UTC) that brought any, newest first."""
    rows = LedgerCount.objects.filter(mailbox_id=mailbox.pk)
    if transports is not None:
        rows = rows.filter(transport__in=list(transports))
    found = rows.values_list("day").annotate(total=Sum("n")).filter(total__gt=0).order_by("-day")[:limit]
    return [(date.fromisoformat(day), n) for day, n in found]


def brought(mailbox: Mailbox, *, fetched: Iterable[str] = ()) -> int:
    """Return how many mails came by ways other than these, so that no server has them to compare with."""
    rows = LedgerCount.objects.filter(mailbox_id=mailbox.pk).exclude(transport__in=list(fetched))
    return int(rows.aggregate(total=Sum("n"))["total"] or 0)


def mails(
    mailbox: Mailbox, *, state: str = "", before: int | None = None, on: date | None = None, limit: int = 50
) -> Slice:
    """Return a slice of the ledger: of one state or of all, before an id, of one day (UTC) or of any."""
    states = (state,) if state else STATES
    bounds = _ids_of(on) if on else None
    ids: list[int] = []
    for one in states:
        # The newest of each state, merged: over all states at once the planner sorts the whole mailbox.
        rows = IncomingMail.objects.filter(mailbox=mailbox, state=one)
        if before is not None:
            rows = rows.filter(pk__lt=before)
        if bounds and on:
            begin = datetime.combine(on, time.min, UTC)
            rows = rows.filter(
                pk__gte=bounds[0], pk__lt=bounds[1], received_at__gte=begin, received_at__lt=begin + timedelta(days=1)
            )
        ids.extend(rows.order_by("-pk").values_list("pk", flat=True)[: limit + 1])
    newest = sorted(ids, reverse=True)[: limit + 1]
    found = rows_of(IncomingMail.objects.filter(pk__in=newest[:limit]))
    return Slice(found, newest[limit - 1] if len(newest) > limit else None)


def search(mailbox: Mailbox, words: str, *, limit: int = 100) -> Slice:
    """Return the mails of an envelope sender or customer, or the one of this number in the ledger; the newest only.

    Filed mail is found by its message's sender, the rest by what the envelope said.
    """
    ours = IncomingMail.objects.filter(mailbox=mailbox)
    number = words.lstrip("#")
    if number.isascii() and number.isdigit() and len(number) < 18:
        return Slice(rows_of(ours.filter(pk=int(number))), None)
    contacts = list(Contact.objects.filter(email__startswith=normalize(words)).values_list("pk", flat=True)[:50])
    filed = Message.objects.filter(contact__in=contacts, conversation__mailbox=mailbox).exclude(raw_digest="")
    digests = list(filed.order_by("-pk").values_list("raw_digest", flat=True)[:limit])
    ids = set(ours.filter(digest__in=digests).order_by("-pk").values_list("pk", flat=True)[:limit])
    for state in (STORED, PARKED, QUARANTINED, DUPLICATE):
        outside = ours.filter(state=state, envelope_from__icontains=words)
        ids.update(outside.order_by("-pk").values_list("pk", flat=True)[:limit])
    return Slice(rows_of(ours.filter(pk__in=sorted(ids, reverse=True)[:limit])), None)


def rows_of(found: QuerySet[IncomingMail]) -> tuple[IncomingMail, ...]:
    """Return the mails with what a line shows of them, newest first."""
    return tuple(found.select_related("cursor__source", "duplicate_of").order_by("-pk"))


def _ids_of(on: date) -> tuple[int, int]:
    """Return the ids between which the mails of a day lie: ids rise with the time, so both ends are searched for."""
    begin = datetime.combine(on, time.min, UTC)
    return first_at(begin - _OVERLAP), first_at(begin + timedelta(days=1) + _OVERLAP)


def first_at(moment: datetime) -> int:
    """Return an id before which everything came before the moment: some twenty looks at the primary key."""
    low, high = 0, (IncomingMail.objects.order_by("-pk").values_list("pk", flat=True).first() or 0) + 1
    while low < high:
        middle = (low + high) // 2
        found = IncomingMail.objects.filter(pk__gte=middle).order_by("pk").values_list("pk", "received_at").first()
        if found is None or found[1] >= moment:
            high = middle
        else:
            low = found[0] + 1
    return low
