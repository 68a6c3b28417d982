"""How far a history is: counted for the preview, then taken in."""

from datetime import timedelta
from pathlib import Path

from postroom.channels.mail.history.letters import Letter
from postroom.channels.mail.history.taking import head_of
from postroom.channels.mail.models.history import COUNTING, DONE, READY, History
from postroom.channels.mail.parse import parse
from postroom.lib import clock
from postroom.lib.text import one_line

_SAMPLES = 8
# Every so many mails one head is read, for the span of time that the preview shows.
_LOOKED_AT = 20


def count_one(history: History, letter: Letter) -> None:
    """Count a mail for the preview, and look at some of them."""
    history.found += 1
    if letter.raw is None:
        history.passed_over += 1
        return
    if len(history.samples) >= _SAMPLES and history.found % _LOOKED_AT:
        return
    head = parse(head_of(letter.raw))
    at = letter.arrived or head.date
    if at:
        history.first_at = min(history.first_at or at, at)
        history.last_at = max(history.last_at or at, at)
    if len(history.samples) < _SAMPLES:
        sender = head.from_.name or head.from_.email
        subject = one_line(head.subject, length=200)
        history.samples = [*history.samples, {"from": one_line(sender, length=100), "subject": subject}]


def note(history: History, *, lease: timedelta) -> bool:
    """Write the progress down; False when somebody has paused or ended it meanwhile, or has taken it over."""
    until = clock.now() + lease
    kept = _write(history, state=history.state, leased_until=until)
    if kept:
        history.leased_until = until
    return kept


def finish(history: History) -> bool:
    """Write down that the end was reached: counted means ready to be looked at, taken in means done."""
    if history.state == COUNTING:
        return _write(history, state=READY, place="", passed_over=0)
    done = _write(history, state=DONE, ended_at=clock.now(), sealed_password="")
    if done and history.ours:
        Path(history.path).unlink(missing_ok=True)
    return done


def end_leases() -> int:
    """End every lease. Only right where no other worker can be; whoever had one notices and stops."""
    return History.objects.filter(leased_until__isnull=False).update(leased_until=None)


def _write(history: History, **changes: object) -> bool:
    fields = {
        name: getattr(history, name)
        for name in ("place", "found", "taken", "known", "passed_over", "first_at", "last_at", "samples")
    }
    # Whoever was so slow that another took over has nothing to say any more.
    mine = History.objects.filter(pk=history.pk, state=history.state, leased_until=history.leased_until)
    return bool(mine.update(**fields | changes))
