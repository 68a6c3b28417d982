"""What people are told of, and by which ways when they have not chosen."""

from dataclasses import dataclass

from postroom.followers.notifications.models import (
    ALARM,
    ANSWERED,
    COMMENTED,
    FOLLOWED,
    GIVEN,
    GLASS,
    MENTIONED,
    NAMED,
    NOT_SENT,
    SIGNED_IN,
    STARTED,
    TAKEN_OVER,
    WOKEN,
)

APP = "app"
PUSH = "push"
MAIL = "mail"
WAYS = (APP, PUSH, MAIL)


@dataclass(frozen=True)
class Kind:
    """One kind of notification; its `fixed` ways cannot be switched off."""

    reason: str
    usual: frozenset[str] = frozenset({APP, PUSH})
    fixed: frozenset[str] = frozenset()


KINDS = (
    Kind(GIVEN),
    Kind(ANSWERED),
    Kind(MENTIONED),
    Kind(COMMENTED, usual=frozenset({APP})),
    Kind(TAKEN_OVER, usual=frozenset({APP})),
    Kind(FOLLOWED, usual=frozenset({APP})),
    Kind(WOKEN),
    # Every new mail would be too much for most.
    Kind(STARTED, usual=frozenset()),
    Kind(NOT_SENT, fixed=frozenset({APP})),
    Kind(NAMED),
    Kind(GLASS, fixed=frozenset({APP})),
    Kind(ALARM, fixed=frozenset({APP})),
    # A stranger who came in must not be able to switch off what tells of it.
    Kind(SIGNED_IN, fixed=frozenset({APP})),
)
_BY_REASON = {kind.reason: kind for kind in KINDS}


def ways_of(reason: str, chosen: object) -> frozenset[str]:
    """Return how somebody is told of this, by what they chose (`Choices.ways`, as it was stored)."""
    kind = _BY_REASON[reason]
    mine = chosen.get(reason) if isinstance(chosen, dict) else None
    return kind.fixed | (kind.usual if mine is None else frozenset(mine) & frozenset(WAYS))
