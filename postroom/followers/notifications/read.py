"""What one person was told, and that they have seen it."""

from django.db.models import Q, QuerySet

from postroom.core.accounts.models import User
from postroom.core.accounts.permissions import permissions_of
from postroom.core.accounts.rights import kept_with
from postroom.core.conversations.filters import seen_by
from postroom.core.conversations.models import Conversation
from postroom.followers.notifications.models import SIGNED_IN, TRIAL, Notification
from postroom.lib import clock
from postroom.lib.prepared import prepared


def notifications_of(user: User) -> QuerySet[Notification]:
    """Return what this person was told and may still see, newest first."""
    return _told(user, permissions=permissions_of(user))


def _told(user: User, *, permissions: frozenset[str]) -> QuerySet[Notification]:
    may_see = _of_a_person(user, permissions) | Q(seen_by(user, through="conversation"))
    rows = Notification.objects.filter(may_see, user=user, unlisted=False)
    return rows.select_related("conversation", "mailbox").order_by("-pk")


def still_news(notification: Notification) -> bool:
    """Tell whether its person has not looked at it yet, is with us, and may still see what it is about."""
    user = notification.user
    may_see = _of_a_person(user, permissions_of(user)) | Q(seen_by(user, through="conversation"))
    fresh = Notification.objects.filter(may_see, seen_at=None)
    return user.is_active and fresh.filter(pk=notification.pk).exists()


def unseen(user: User) -> int:
    """Return how many this person has not looked at, counted to 100 at most."""
    return len(_unseen(user, permissions=permissions_of(user), most=100))


@prepared
def _unseen(user: User, *, permissions: frozenset[str], most: int) -> "QuerySet[Notification, int]":
    return _told(user, permissions=permissions).filter(seen_at=None).values_list("pk", flat=True)[:most]


def see(user: User, *, conversation: Conversation | None = None) -> int:
    """Say that this person has looked at all of them, or at those of one conversation; return how many were new."""
    rows = Notification.objects.filter(user=user, seen_at=None)
    return (rows.filter(conversation=conversation) if conversation else rows).update(seen_at=clock.now())


def _of_a_person(user: User, permissions: frozenset[str]) -> Q:
    # Of alarms, which say nothing of what customers write, whoever keeps the mailbox.
    return Q(reason__in=(SIGNED_IN, TRIAL)) | Q(mailbox__in=kept_with(permissions, user=user))
