"""The queue of Postroom's own letters: which is next, whose it is, and how a try ended.

Other than a reply, a letter whose fate is unknown is sent again: one that comes twice is better than a person who
cannot get in, and both copies have the same Message-ID.
"""

from datetime import datetime, timedelta

from django.db import connection, transaction
from django.db.models import F, Q

from postroom.core.accounts.models import LETTER_GIVEN_UP, LETTER_SENT, LETTER_WAITING, Letter
from postroom.core.outbox.claiming import LEASE
from postroom.core.outbox.patience import wait_before
from postroom.lib import clock

_GIVE_UP_AFTER = timedelta(days=1)
_KEPT = timedelta(days=30)
_PATIENCE = timedelta(minutes=30)
_REMEMBERED = timedelta(days=7)
_MOST = 100
# While no mailbox can send, nobody is asked, and one may be named at any moment.
_WAIT_FOR_A_WAY = timedelta(minutes=1)


def claim_letter() -> Letter | None:
    """Take the next letter for this worker; None when none is due, or another worker was quicker."""
    now = clock.now()
    free = Q(leased_until=None) | Q(leased_until__lt=now)
    rows = Letter.objects.filter(free, state=LETTER_WAITING, next_at__lte=now).order_by("next_at", "pk")
    # Nearly always there is none: SQLite's one write lock is not asked for to find nothing.
    if not rows.exists():
        return None
    with transaction.atomic():
        if connection.features.has_select_for_update:
            rows = rows.select_for_update(skip_locked=True)
        letter = rows.first()
        if letter is None:
            return None
        # The condition is repeated: of two workers that saw the same row, one gets it.
        mine = Letter.objects.filter(free, pk=letter.pk, state=LETTER_WAITING)
        if not mine.update(leased_until=now + LEASE, tries=F("tries") + 1):
            return None
    return Letter.objects.get(pk=letter.pk)


def sent(letter: Letter) -> None:
    """A server has it. Its text is let go: links in it open doors."""
    now = clock.now()
    fields = {"state": LETTER_SENT, "sent_at": now, "next_at": None, "sealed_text": "", "problem": ""}
    _held(letter, **fields)
    # What nobody looked at for as long is no news any more, and has an address in it.
    Letter.objects.exclude(state=LETTER_WAITING).filter(created_at__lt=now - _KEPT).delete()


def put_off(letter: Letter, problem: str) -> None:
    """It did not leave: it is tried again, later each time, and given up after a day."""
    now = clock.now()
    wait = wait_before(letter.tries)
    if wait is None or letter.created_at < now - _GIVE_UP_AFTER:
        refused(letter, problem)
    else:
        _held(letter, next_at=now + wait, problem=problem[:2000])


def no_way_out(letter: Letter, problem: str) -> None:
    """No server was asked; it waits for a mailbox that can send, a day at most."""
    now = clock.now()
    if letter.created_at < now - _GIVE_UP_AFTER:
        refused(letter, problem)
    else:
        _held(letter, next_at=now + _WAIT_FOR_A_WAY, problem=problem[:2000], tries=F("tries") - 1)


def refused(letter: Letter, problem: str) -> None:
    """Trying again would end the same way: an owner has to look."""
    _held(letter, state=LETTER_GIVEN_UP, next_at=None, problem=problem[:2000])


def came_back(letter_id: int, problem: str) -> bool:
    """A mail system returned it to us: it never arrived. False when that was known, or the letter is forgotten."""
    rows = Letter.objects.filter(pk=letter_id, state=LETTER_SENT)
    return bool(rows.update(state=LETTER_GIVEN_UP, problem=problem[:2000]))


def letters_in_trouble(*, now: datetime) -> list[Letter]:
    """Return what an owner should know of: given up in the last week, or tried in vain for half an hour; some."""
    waiting = Q(state=LETTER_WAITING, created_at__lt=now - _PATIENCE) & ~Q(problem="")
    found = Letter.objects.filter(waiting | Q(state=LETTER_GIVEN_UP, created_at__gt=now - _REMEMBERED))
    return list(found.order_by("-pk")[:_MOST])


def unsent_letters() -> list[Letter]:
    """Return those that wait or were given up, the newest first; some."""
    return list(Letter.objects.exclude(state=LETTER_SENT).order_by("-pk")[:_MOST])


def free_letters() -> int:
    """Let every lease run out now. Only right where no other worker can be: on SQLite, when the worker starts."""
    return Letter.objects.filter(leased_until__isnull=False).update(leased_until=None)


def _held(letter: Letter, **fields: object) -> None:
    """Write down how it ended, unless another worker took it over meanwhile."""
    mine = Letter.objects.filter(pk=letter.pk, state=LETTER_WAITING, leased_until=letter.leased_until)
    mine.update(leased_until=None, **fields)
