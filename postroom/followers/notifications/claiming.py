"""Which telling is next, and whose it is."""

from datetime import datetime, timedelta

from django.db import connection, transaction
from django.db.models import F, Q, QuerySet

from postroom.followers.notifications.models import PushDevice, Telling
from postroom.lib import clock

# Longer than any try can take.
LEASE = timedelta(minutes=2)
_WITH = ("notification__user", "notification__conversation", "device__session")
# A day later it is history.
_OLDEST = timedelta(days=1)


def claim(*, by_push: bool) -> Telling | None:
    """Take what waits longest, by push or by mail, for this worker; None when nothing is due."""
    now = clock.now()
    rows = _free(now, by_push=by_push).order_by("next_at", "pk")
    # Nearly always there is none: SQLite's one write lock is not asked for to find nothing.
    if not rows.exists():
        return None
    with transaction.atomic():
        if connection.features.has_select_for_update:
            rows = rows.select_for_update(skip_locked=True, of=("self",))
        found = rows.first()
        # The condition is repeated: of two workers that saw the same row, one gets it.
        if found is None or not _take(_free(now, by_push=by_push).filter(pk=found.pk), now):
            return None
    # Gone meanwhile: the browser signed out.
    return Telling.objects.select_related(*_WITH).filter(pk=found.pk).first()


def claim_others(first: Telling) -> list[Telling]:
    """Take all else that is due for the same browser, or by mail for the same person."""
    now = clock.now()
    with transaction.atomic():
        rows = _free(now, by_push=first.device_id is not None).exclude(pk=first.pk)
        rows = rows.filter(device=first.device_id, notification__user=first.notification.user_id)
        ids = list(rows.order_by("pk").values_list("pk", flat=True))
        _take(_free(now, by_push=first.device_id is not None).filter(pk__in=ids), now)
        mine = Telling.objects.filter(pk__in=ids, leased_until=now + LEASE)
    return list(mine.select_related(*_WITH).order_by("pk"))


def over(tellings: list[Telling]) -> None:
    """They were told, or are nobody's news any more."""
    Telling.objects.filter(pk__in=[one.pk for one in tellings]).delete()


def put_off(tellings: list[Telling], *, wait: timedelta | None) -> None:
    """They are tried again; given up with no `wait`, or after a day."""
    now = clock.now()
    old = [one for one in tellings if wait is None or one.notification.at < now - _OLDEST]
    over(old)
    ids = {one.pk for one in tellings} - {one.pk for one in old}
    Telling.objects.filter(pk__in=ids).update(next_at=now + (wait or timedelta()), leased_until=None)


def wait_until(tellings: list[Telling], moment: datetime) -> None:
    """Quiet hours have begun meanwhile."""
    Telling.objects.filter(pk__in=[one.pk for one in tellings]).update(next_at=moment, leased_until=None)


def free_tellings() -> int:
    """Let every lease run out now. Only right where no other worker can be: on SQLite, when the worker starts."""
    return Telling.objects.filter(leased_until__isnull=False).update(leased_until=None)


def told(device: PushDevice, *, problem: str) -> None:
    """Note how it went last with a browser's push service."""
    fields = {"problem": problem[:500]} if problem else {"problem": "", "told_at": clock.now()}
    PushDevice.objects.filter(pk=device.pk).update(**fields)


def _free(now: datetime, *, by_push: bool) -> QuerySet[Telling]:
    unheld = Q(leased_until=None) | Q(leased_until__lt=now)
    return Telling.objects.filter(unheld, next_at__lte=now, device__isnull=not by_push)


def _take(rows: QuerySet[Telling], now: datetime) -> int:
    return rows.update(leased_until=now + LEASE, tries=F("tries") + 1)
