"""Look for what is wrong with each mailbox's mail: raise an alarm once, and end it when it is over."""

import time
from collections.abc import Callable, Iterable
from datetime import datetime

from django.db import transaction

from postroom.channels.mail.models import Alarm
from postroom.channels.mail.watches import WATCHES, Found
from postroom.core.accounts.models import Mailbox
from postroom.core.events.actor import SYSTEM
from postroom.core.events.kinds import AlarmEnded, AlarmRaised
from postroom.core.events.record import record
from postroom.lib import clock

Watch = Callable[[datetime], Iterable[Found]]

_EVERY_SECONDS = 120.0
# What has just been put right is often half right for a moment.
_last_look = 0.0


def look_next() -> bool:
    """Look at all mailboxes every two minutes; False, so that nobody asks again at once."""
    global _last_look  # noqa: PLW0603  (one round in one thread of one worker)
    if _last_look and time.monotonic() - _last_look < _EVERY_SECONDS:
        return False
    look(WATCHES, now=clock.now())
    _last_look = time.monotonic()
    return False


def look(watches: Iterable[Watch], *, now: datetime) -> None:
    """Raise what is found and was not known, and end what is not found any more. Two workers may do it at once."""
    found = {(one.mailbox_id, one.kind, one.about): one for watch in watches for one in watch(now)}
    known = {(alarm.mailbox_id, alarm.kind, alarm.about): alarm for alarm in Alarm.objects.filter(ended_at=None)}
    for key, one in found.items():
        if key not in known:
            _raise(one)
        elif known[key].detail != dict(one.detail):
            Alarm.objects.filter(pk=known[key].pk).update(detail=dict(one.detail))
    for key, alarm in known.items():
        if key not in found:
            _end(alarm, now=now)


def _raise(found: Found) -> None:
    mailbox = Mailbox.objects.filter(pk=found.mailbox_id).first()
    if mailbox is None:
        return
    with transaction.atomic():
        alarm, made = Alarm.objects.get_or_create(
            mailbox=mailbox,
            kind=found.kind,
            about=found.about,
            ended_at=None,
            defaults={"since": found.since, "detail": dict(found.detail)},
        )
        if made:
            kind = AlarmRaised(address=mailbox.address, alarm=alarm.kind, alarm_id=alarm.pk)
            record(kind, by=SYSTEM, mailbox_id=mailbox.pk)


def _end(alarm: Alarm, *, now: datetime) -> None:
    with transaction.atomic():
        if Alarm.objects.filter(pk=alarm.pk, ended_at=None).update(ended_at=now):
            mailbox = Mailbox.objects.get(pk=alarm.mailbox_id)
            kind = AlarmEnded(address=mailbox.address, alarm=alarm.kind, alarm_id=alarm.pk)
            record(kind, by=SYSTEM, mailbox_id=mailbox.pk)
