"""When a mailbox is silent for longer than is usual for it, by its own history."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta

from postroom.channels.mail.ledger import STATES, first_at
from postroom.channels.mail.models import IncomingMail
from postroom.core.accounts import setup
from postroom.core.accounts.models import Mailbox

# Shorter silences are nobody's alarm, even where mail comes every minute.
AT_LEAST = timedelta(hours=6)
_TIMES_THE_USUAL = 3
_WEEKS = 8
# What is usual cannot be told from less.
_HISTORY = timedelta(days=14)


@dataclass(frozen=True)
class Silence:
    """A mailbox that has had no mail since then; `usual` is the longest silence of earlier weeks at the same hour."""

    mailbox_id: int
    since: datetime
    lasts: timedelta
    usual: timedelta


def silences(now: datetime) -> Iterator[Silence]:
    """Yield the mailboxes that are silent for too long: longer than six hours and three times what is usual.

    The usual is how long it had been silent at this very time of the week in each of the last eight weeks, so nights,
    weekends and a mailbox with two mails a month cry for nobody. A busy mailbox costs one look at its newest mail.
    """
    if setup.is_demo():
        # Invented customers write no more.
        return
    for mailbox in Mailbox.objects.order_by("pk"):
        last = _last_before(mailbox, before_id=None, moment=now)
        if last is None or now - last < AT_LEAST:
            continue
        usual = _usual(mailbox, now=now)
        if usual is not None and now - last > max(AT_LEAST, _TIMES_THE_USUAL * usual):
            yield Silence(mailbox.pk, last, now - last, usual)


def _usual(mailbox: Mailbox, *, now: datetime) -> timedelta | None:
    """Return the longest silence at this time of the week; None when there is no history to tell it from."""
    found: list[timedelta] = []
    for week in range(1, _WEEKS + 1):
        moment = now - timedelta(weeks=week)
        last = _last_before(mailbox, before_id=first_at(moment), moment=moment)
        if last is None:
            break
        found.append(moment - last)
    return max(found) if len(found) * timedelta(weeks=1) >= _HISTORY else None


def _last_before(mailbox: Mailbox, *, before_id: int | None, moment: datetime) -> datetime | None:
    """Return when the last mail before a moment came: the newest of each state, each found in the index."""
    newest: list[datetime] = []
    for state in STATES:
        rows = IncomingMail.objects.filter(mailbox=mailbox, state=state)
        if before_id is not None:
            rows = rows.filter(pk__lt=before_id)
        at = rows.order_by("-pk").values_list("received_at", flat=True).first()
        if at is not None and at <= moment:
            newest.append(at)
    return max(newest, default=None)
