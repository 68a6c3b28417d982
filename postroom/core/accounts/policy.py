"""What this organisation asks of its people's sign-ins."""

from collections.abc import Iterator

from django.conf import settings

from postroom.core.accounts.models import SecurityPolicy, User
from postroom.core.accounts.permissions import MANAGERS_MARK, permissions_of
from postroom.lib import clock
from postroom.lib.rows import first_of

NOBODY = "nobody"
MANAGERS = "managers"
EVERYBODY = "everybody"


def policy() -> SecurityPolicy:
    """Return the policy; the mildest when none was ever saved."""
    return first_of(SecurityPolicy, id=1) or SecurityPolicy(pk=1)


def allowed_hosts() -> Iterator[str]:
    """Yield the hosts inside our own network that requests may go to: those of the settings, then the owner's."""
    yield from settings.POSTROOM_INSIDE_HOSTS
    yield from map(str, policy().allowed_hosts)


def asks_second_factor(user: User, *, asked: SecurityPolicy | None = None) -> bool:
    """Tell whether this person must have a second factor, sooner or later (`second_factor_by` says when)."""
    wanted = (asked or policy()).second_factor
    return wanted == EVERYBODY or (wanted == MANAGERS and bool(permissions_of(user) & MANAGERS_MARK))


def second_factor_is_due(user: User, *, asked: SecurityPolicy | None = None) -> bool:
    """Tell whether this person gets no further without a second factor from today on."""
    rules = asked or policy()
    late = rules.second_factor_by is None or rules.second_factor_by <= clock.now().date()
    return late and asks_second_factor(user, asked=rules)
