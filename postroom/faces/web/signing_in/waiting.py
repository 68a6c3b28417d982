"""A session that waits for its second factor: it is nobody's yet, and opens nothing."""

import hmac
import time
from dataclasses import dataclass

from django.contrib.auth import logout
from django.http import HttpRequest

from postroom.core.accounts.models import User

# Seconds. Then the password is asked for again.
PATIENCE = 15 * 60
# So many wrong codes, and the password is asked for again.
MOST_MISTAKES = 10
_KEY = "waits_for_second_factor"


@dataclass(frozen=True)
class Waiting:
    """Who has shown a first factor, how, and where they want to go."""

    person: User
    how: str
    back: str


def wait(request: HttpRequest, person: User, *, how: str, back: str) -> None:
    """Let this session wait for a person's second factor; whoever was signed in before it is no longer."""
    logout(request)
    request.session[_KEY] = {
        "person": person.pk,
        # Another password, and the first factor has to be shown again.
        "mark": person.get_session_auth_hash(),
        "how": how,
        "back": back,
        "since": time.time(),
        "mistakes": 0,
    }
    request.session.cycle_key()


def waiting(request: HttpRequest) -> Waiting | None:
    """Return for whom this session waits; None when it waits for nobody, or has for too long."""
    kept = request.session.get(_KEY)
    if not kept or kept["since"] < time.time() - PATIENCE:
        return None
    person = User.objects.filter(pk=kept["person"], is_active=True).first()
    if person is None or not hmac.compare_digest(person.get_session_auth_hash(), kept["mark"]):
        return None
    return Waiting(person=person, how=kept["how"], back=kept["back"])


def count_mistake(request: HttpRequest) -> bool:
    """Count a wrong code; False when there were too many, and the session waits no more."""
    kept = request.session[_KEY]
    kept["mistakes"] += 1
    request.session.modified = True
    if kept["mistakes"] >= MOST_MISTAKES:
        stop_waiting(request)
        return False
    return True


def stop_waiting(request: HttpRequest) -> None:
    """Let the session wait for nobody any more."""
    request.session.pop(_KEY, None)
