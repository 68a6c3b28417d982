from django.db import transaction
from django.db.models import QuerySet

from postroom.core.accounts.models import DEVICE, KnownOrigin, Session, User
from postroom.core.accounts.sessions import digest_of, sessions_of
from postroom.core.audit.write import write
from postroom.core.events.actor import Actor
from postroom.core.events.kinds.sign_ins import SessionsEnded
from postroom.core.events.record import record


def end_sessions(user: User, *, except_key: str = "", by: Actor | None = None) -> int:
    """End all sessions of a person but the one with this key; return how many there were.

    The browsers they were open in count as new ones from now on. Their event streams end with the next heartbeat.
    `by` is None when the person does it.
    """
    sessions = Session.objects.filter(user=user)
    return _end(sessions.exclude(digest=digest_of(except_key)) if except_key else sessions, user=user, by=by or user)


def end_session(user: User, *, session_id: int, by: Actor) -> bool:
    """End one session of a person; False when it had ended."""
    return _end(Session.objects.filter(user=user, pk=session_id), user=user, by=by) > 0


def _end(sessions: QuerySet[Session], *, user: User, by: Actor) -> int:
    with transaction.atomic():
        ended = list(sessions.select_for_update().order_by("pk"))
        if not ended:
            return 0
        Session.objects.filter(pk__in=[session.pk for session in ended]).delete()
        devices = {session.device_digest for session in ended}
        devices -= set(sessions_of(user).values_list("device_digest", flat=True))
        KnownOrigin.objects.filter(user=user, kind=DEVICE, digest__in=devices).delete()
        write(
            "sessions.ended",
            by=by,
            subject=f"person:{user.pk}",
            subject_name=user.name,
            before={"devices": [session.device for session in ended], "from": [session.ip for session in ended]},
            after={"count": len(ended)},
        )
        record(SessionsEnded(person=user.name, user_id=user.pk, count=len(ended)), by=by)
    return len(ended)
