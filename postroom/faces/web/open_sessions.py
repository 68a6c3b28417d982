"""A person's sessions, in words."""

from dataclasses import dataclass
from datetime import datetime

from django.http import HttpRequest

from postroom.core.accounts.devices import device_words, is_phone, place_words
from postroom.core.accounts.models import User
from postroom.core.accounts.sessions import digest_of, sessions_of


@dataclass(frozen=True)
class Line:
    """One session: the browser, where it is, since when, and whether it is the one that asks."""

    id: int
    device: str
    agent: str
    phone: bool
    place: str
    first_seen: datetime
    last_seen: datetime
    ends: datetime
    this_one: bool


def open_sessions(request: HttpRequest, user: User) -> list[Line]:
    """Return the sessions of this person, the one that asks first, then the latest used."""
    own = digest_of(request.session.session_key or "")
    lines = [
        Line(
            id=session.pk,
            device=device_words(session.device),
            agent=session.device,
            phone=is_phone(session.device),
            place=place_words(session.ip),
            first_seen=session.first_seen,
            last_seen=session.last_seen,
            ends=session.expire_date,
            this_one=session.digest == own,
        )
        for session in sessions_of(user)
    ]
    return sorted(lines, key=lambda line: not line.this_one)
