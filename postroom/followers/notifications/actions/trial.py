import time

from django.db import transaction

from postroom.core.accounts.models import User
from postroom.followers.notifications.actions.devices import devices_of
from postroom.followers.notifications.models import TRIAL, Notification, Telling
from postroom.lib import clock


def send_trial(user: User) -> int:
    """Send a push to each browser of this person, in quiet hours too; return how many will be tried."""
    now = clock.now()
    with transaction.atomic():
        Notification.objects.filter(user=user, reason=TRIAL).delete()
        # No event has a number below zero; the reader of the list never meets it.
        row = Notification.objects.create(user=user, event_id=-time.time_ns(), reason=TRIAL, at=now, unlisted=True)
        made = Telling.objects.bulk_create(
            [Telling(notification=row, device=device, next_at=now) for device in devices_of(user)]
        )
    return len(made)
