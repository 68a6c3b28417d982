"""What one person was told, and that they have seen it."""

from django.db.models import Q, QuerySet

from postroom.core.accounts.models import User
from postroom.core.accounts.rights import kept_by
from postroom.core.conversations.filters import seen_by
from postroom.core.conversations.models import Conversation
from postroom.followers.notifications.models import SIGNED_IN, TRIAL, Notification
from postroom.lib import clock


def notifications_of(user: User) -> QuerySet[Notification]:
    """Return what this person was told and may still see, newest first."""
    rows = Notification.objects.filter(_of_a_person(user) | Q(seen_by(user, through="conversation")), user=user)
    return rows.filter(unlisted=False).select_related("conversation", "mailbox").order_by("-pk")


def still_news(notification: Notification) -> bool:
    """Tell whether its person has not looked at it yet, is with us, and may still see what it is about."""
    user = notification.user
    fresh = Notification.objects.filter(_of_a_person(user) | Q(seen_by(user, through="conversation")), seen_at=None)
    return user.is_active and fresh.filter(pk=notification.pk).exists()


def unseen(user: User) -> int:
    """Return how many this person has not looked at, counted to 100 at most."""
    return notifications_of(user).filter(seen_at=None)[:100].count()


def see(user: User, *, conversation: Conversation | None = None) -> int:
    """Say that this person has looked at all of them, or at those of one conversation; return how many were new."""
    rows = Notification.objects.filter(user=user, seen_at=None)
    return (rows.filter(conversation=conversation) if conversation else rows).update(seen_at=clock.now())


def _of_a_person(user: User) -> Q:
    # Of alarms, which say nothing of what customers write, whoever keeps the mailbox.
    return Q(reason__in=(SIGNED_IN, TRIAL)) | Q(mailbox__in=kept_by(user))
