"""Django's session engine of this house: each session is a row that its person can see and end.

Only a digest of the key is kept, so that a copy of the database opens nobody's pages.
"""

from typing import Any

from django.contrib.auth import SESSION_KEY
from django.contrib.sessions.backends.base import CreateError, SessionBase, UpdateError
from django.db import IntegrityError, transaction

from postroom.core.accounts.models.session import Session
from postroom.core.accounts.policy import policy
from postroom.core.accounts.sessions import STRANGERS_DAY, digest_of, ends_at
from postroom.core.audit.origin import present_origin
from postroom.lib import clock
from postroom.lib.rows import first_of
from postroom.lib.text import one_line

# In the session's data: which KnownOrigin this browser is (actions/arrivals.py).
DEVICE_KEY = "postroom_device"


class SessionStore(SessionBase):
    """Keeps sessions in our own table. `row` is the one that was loaded, None for a stranger's.

    `ended_here`: this request has ended its session.
    """

    def __init__(self, session_key: str | None = None) -> None:
        super().__init__(session_key)
        self.row: Session | None = None
        self.ended_here = False

    def load(self) -> dict[str, Any]:
        """Return the data of the session, nothing for one that has ended."""
        key = self.session_key
        found = first_of(Session, digest=digest_of(key)) if key else None
        self.row = found if found is not None and found.expire_date > clock.now() else None
        if self.row is None:
            self._session_key = None
            return {}
        return self.decode(self.row.session_data)

    def exists(self, session_key: str) -> bool:
        """Tell whether a session has this key."""
        return Session.objects.filter(digest=digest_of(session_key)).exists()

    def create(self) -> None:
        """Open a new session, and sweep away those that have ended."""
        self.clear_expired()
        while True:
            self._session_key = self._get_new_session_key()  # type: ignore[attr-defined]
            try:
                self.save(must_create=True)
            except CreateError:
                continue
            self.modified = True
            return

    def save(self, must_create: bool = False) -> None:  # noqa: FBT001, FBT002  (Django's own signature)
        """Write the session; UpdateError when it was ended meanwhile."""
        if self.session_key is None:
            self.create()
            return
        data = self._get_session(no_load=must_create)  # type: ignore[attr-defined]
        user_id = int(data[SESSION_KEY]) if SESSION_KEY in data else None
        own = {"session_data": self.encode(data), "device_digest": data.get(DEVICE_KEY, "")}
        rows = Session.objects.filter(digest=digest_of(self.session_key))
        if must_create:
            self._insert(user_id, own)
            return
        same_person = rows.filter(user=user_id) if user_id else rows.filter(user=None)
        if not same_person.update(**own) and not rows.update(**own, **_begun(user_id)):
            raise UpdateError

    def delete(self, session_key: str | None = None) -> None:
        """End the session."""
        key = session_key or self.session_key
        if key:
            Session.objects.filter(digest=digest_of(key)).delete()

    def flush(self) -> None:
        """End the session, and forget what was in it."""
        super().flush()
        self.ended_here = True

    def cycle_key(self) -> None:
        """Give the session another key; it stays the same session, open as long as before."""
        data, old = self._session, self.session_key  # type: ignore[attr-defined]
        new = self._get_new_session_key()  # type: ignore[attr-defined]
        if not old or not Session.objects.filter(digest=digest_of(old)).update(digest=digest_of(new)):
            self.create()
        else:
            self._session_key = new
        self._session_cache = data
        self.modified = True

    @classmethod
    def clear_expired(cls) -> None:
        """Forget the sessions that have ended."""
        Session.objects.filter(expire_date__lte=clock.now()).delete()

    def _insert(self, user_id: int | None, own: dict[str, str]) -> None:
        try:
            with transaction.atomic():
                digest = digest_of(self.session_key or "")
                self.row = Session.objects.create(digest=digest, **own, **_begun(user_id))
        except IntegrityError:
            raise CreateError from None


def _begun(user_id: int | None) -> dict[str, Any]:
    """Return what is said of a session of this person that begins now, where this request comes from."""
    now, origin = clock.now(), present_origin()
    return {
        "user_id": user_id,
        "first_seen": now,
        "last_seen": now,
        "expire_date": ends_at(now, now, rules=policy()) if user_id else now + STRANGERS_DAY,
        "ip": origin.ip[:45],
        "device": one_line(origin.device, length=200),
    }
