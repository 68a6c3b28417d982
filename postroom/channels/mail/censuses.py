"""Whose turn it is to be counted: one source at a time, those that somebody asked for first."""

from datetime import timedelta

from django.db.models import F, Q, QuerySet

from postroom.channels.mail.models import Census, Source
from postroom.lib import clock

# A folder of 100,000 mails takes a minute on a slow server.
LEASE = timedelta(minutes=15)
EVERY = timedelta(hours=4)
# A server that could not be counted is asked again sooner than one that was, and not at once.
AFTER_TROUBLE = timedelta(minutes=30)


def claim() -> Census | None:
    """Lease the census that is due, one that was asked for first; None when none is."""
    due = _due().order_by(F("asked_at").asc(nulls_last=True), "pk").first()
    if due is None:
        return _begun()
    now = clock.now()
    mine = _free().filter(pk=due.pk).update(leased_until=now + LEASE)
    return due if mine else None


def write_down(census: Census, **figures: object) -> None:
    """Store what was counted, and that whoever asked before it began has their answer."""
    asked = Census.objects.filter(pk=census.pk)
    asked.update(leased_until=None, **figures)
    # Somebody who asked meanwhile still waits.
    asked.filter(asked_at=census.asked_at).update(asked_at=None, fetch=False)


def ask(source: Source, *, fetch: bool) -> None:
    """Let the source be counted at once, and with `fetch` what is missing be fetched."""
    census, _made = Census.objects.get_or_create(source=source)
    wanted: dict[str, object] = {"asked_at": clock.now()}
    if fetch:
        wanted["fetch"] = True
    Census.objects.filter(pk=census.pk).update(**wanted)


def _begun() -> Census | None:
    """Begin the book of a source that has none yet, when its folder has been looked at for the first time."""
    source = Source.objects.filter(active=True, census=None, last_ok_at__isnull=False).order_by("pk").first()
    if source is None:
        return None
    now = clock.now()
    census, made = Census.objects.get_or_create(source=source, defaults={"leased_until": now + LEASE})
    return census if made else None


def _free() -> QuerySet[Census]:
    return Census.objects.filter(Q(leased_until__isnull=True) | Q(leased_until__lt=clock.now()))


def _due() -> QuerySet[Census]:
    now = clock.now()
    old = Q(at__isnull=True) | Q(at__lt=now - EVERY)
    # Where the watcher cannot get in, we cannot either, and asked too often some providers lock the account.
    calm = (Q(problem_at__isnull=True) | Q(problem_at__lt=now - AFTER_TROUBLE)) & Q(source__last_error="")
    return (
        _free()
        .filter(Q(asked_at__isnull=False) | (old & calm), source__active=True)
        .select_related("source__mailbox", "source__grant")
    )
