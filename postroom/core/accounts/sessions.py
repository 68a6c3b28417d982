"""How long sessions last, and which ones a person has."""

import hashlib
from datetime import datetime, timedelta

from django.db.models import QuerySet

from postroom.core.accounts.models import SecurityPolicy, User
from postroom.core.accounts.models.session import Session
from postroom.core.accounts.policy import policy
from postroom.lib import clock

# Looking at pages writes at most this often for each session.
SEEN_EVERY = timedelta(minutes=1)
# A sign-in that was begun and never finished.
STRANGERS_DAY = timedelta(days=1)


def digest_of(key: str) -> str:
    """Return how the session with this key is kept: nobody can make a cookie of it."""
    return hashlib.sha256(f"session:{key}".encode(errors="replace")).hexdigest()


def sessions_of(user: User) -> QuerySet[Session]:
    """Return the sessions that are still good, the latest used first."""
    return Session.objects.filter(user=user, expire_date__gt=clock.now()).order_by("-last_seen", "-pk")


def ends_at(first_seen: datetime, last_seen: datetime, *, rules: SecurityPolicy) -> datetime:
    """Return when a session ends that was opened and last used then."""
    longest = first_seen + timedelta(days=rules.session_days)
    if not rules.session_idle_minutes:
        return longest
    # `last_seen` may be as old as SEEN_EVERY although its person was there a second ago.
    return min(longest, last_seen + timedelta(minutes=rules.session_idle_minutes) + SEEN_EVERY)


def seen(session: Session, *, ip: str, device: str) -> bool:
    """Note that the person was here just now; False when that is written already. Of many at once, one writes."""
    now = clock.now()
    if now - session.last_seen < SEEN_EVERY:
        return False
    ends = ends_at(session.first_seen, now, rules=policy())
    rows = Session.objects.filter(pk=session.pk, last_seen__lte=now - SEEN_EVERY)
    return bool(rows.update(last_seen=now, expire_date=ends, ip=ip[:45], device=device[:200] or session.device))


def settle_lengths(rules: SecurityPolicy) -> None:
    """Let a changed policy count for the sessions that are open; inside its transaction."""
    for session in Session.objects.filter(user__isnull=False).only("pk", "first_seen", "last_seen", "expire_date"):
        ends = ends_at(session.first_seen, session.last_seen, rules=rules)
        if ends != session.expire_date:
            Session.objects.filter(pk=session.pk).update(expire_date=ends)
