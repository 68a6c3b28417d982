"""The alarms that a person should see."""

from datetime import timedelta

from django.db.models import F, Q, QuerySet

from postroom.channels.mail.models import Alarm
from postroom.core.accounts.models import Mailbox, Membership, User
from postroom.core.accounts.permissions import MAILBOXES, may
from postroom.lib import clock

_SAID_AFTERWARDS = timedelta(days=1)


def alarms_for(user: User) -> QuerySet[Alarm]:
    """Return what is wrong now with the mailboxes this person is on; who keeps all of them is told of all."""
    open_ones = Alarm.objects.filter(ended_at=None).select_related("mailbox").order_by("since", "pk")
    if not user.is_active:
        return open_ones.none()
    if may(user, MAILBOXES):
        return open_ones
    return open_ones.filter(mailbox_id__in=Membership.objects.filter(user=user).values("mailbox_id"))


def alarms_of(mailbox: Mailbox) -> QuerySet[Alarm]:
    """Return what is wrong with a mailbox, and what was over since yesterday; the open ones first."""
    recent = Q(ended_at=None) | Q(ended_at__gt=clock.now() - _SAID_AFTERWARDS)
    return mailbox.alarms.filter(recent).order_by(F("ended_at").desc(nulls_first=True), "since")
