"""The alarms that a person should see."""

from datetime import timedelta

from django.db.models import F, Q, QuerySet

from postroom.channels.mail.models import Alarm
from postroom.core.accounts.models import Mailbox, Membership, User
from postroom.core.accounts.permissions import MAILBOXES, may
from postroom.lib import clock
from postroom.lib.prepared import prepared

_SAID_AFTERWARDS = timedelta(days=1)


def alarms_for(user: User) -> QuerySet[Alarm]:
    """Return what is wrong now with the mailboxes this person is on; who keeps all of them is told of all."""
    return _open_ones(user, everywhere=may(user, MAILBOXES))


def listed_alarms(user: User) -> list[Alarm]:
    """Return what `alarms_for` does, for every page: by a statement that is made once."""
    return _listed(user, everywhere=may(user, MAILBOXES))


def _open_ones(user: User, *, everywhere: bool) -> QuerySet[Alarm]:
    open_ones = Alarm.objects.filter(ended_at=None).select_related("mailbox").order_by("since", "pk")
    if not user.is_active:
        return open_ones.none()
    if everywhere:
        return open_ones
    return open_ones.filter(mailbox_id__in=Membership.objects.filter(user=user).values("mailbox_id"))


_listed = prepared(_open_ones)


def alarms_of(mailbox: Mailbox) -> QuerySet[Alarm]:
    """Return what is wrong with a mailbox, and what was over since yesterday; the open ones first."""
    recent = Q(ended_at=None) | Q(ended_at__gt=clock.now() - _SAID_AFTERWARDS)
    return mailbox.alarms.filter(recent).order_by(F("ended_at").desc(nulls_first=True), "since")
