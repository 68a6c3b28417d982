"""Write down that somebody is told, and put on its way what leaves by push or mail."""

from datetime import datetime, timedelta

from postroom.core.accounts.models import Mailbox, User
from postroom.core.conversations.models import Conversation
from postroom.core.events.models import Event
from postroom.followers.notifications.kinds import APP, MAIL, PUSH, ways_of
from postroom.followers.notifications.models import Choices, Notification, PushDevice, Telling
from postroom.followers.notifications.quiet import next_moment
from postroom.lib import clock

# Whoever sits before the page sees it there; a letter can wait that long, and several make one.
_MAIL_WAITS = timedelta(minutes=2)
# What an old log says anew, when a follower begins from the start, is nobody's news.
_STALE = timedelta(hours=6)


def tell(
    user: User,
    event: Event,
    *,
    reason: str,
    who: str = "",
    conversation: Conversation | None = None,
    mailbox: Mailbox | None = None,
) -> None:
    """Tell a person once of an event, by the ways that they chose for its kind; nothing when they chose none."""
    choices = choices_of(user)
    ways = ways_of(reason, choices.ways)
    if not ways:
        return
    said = {"reason": reason, "who": who[:200], "at": event.at, "conversation": conversation, "mailbox": mailbox}
    row, is_new = Notification.objects.get_or_create(
        user=user, event_id=event.pk, defaults={**said, "unlisted": APP not in ways}
    )
    if is_new:
        _send_on_its_way(row, user, choices, ways=ways, now=clock.now())


def choices_of(user: User) -> Choices:
    """Return how this person wants to be told; a fresh one, not stored, when they never said."""
    return Choices.objects.filter(user=user).first() or Choices(user=user)


def _send_on_its_way(row: Notification, user: User, choices: Choices, *, ways: frozenset[str], now: datetime) -> None:
    at = next_moment(user, choices, now=now) if row.at > now - _STALE else None
    if at is None:
        return
    if PUSH in ways:
        devices = PushDevice.objects.filter(user=user, session__expire_date__gt=now)
        Telling.objects.bulk_create([Telling(notification=row, device=device, next_at=at) for device in devices])
    if MAIL in ways:
        Telling.objects.create(notification=row, next_at=max(at, now + _MAIL_WAITS))
