from postroom.core.accounts.actions.access import grant
from postroom.core.accounts.models import ANSWERING, NONE, Grant, Mailbox, Membership, User
from postroom.core.events.actor import Actor


def let_in(mailbox: Mailbox, *, user: User, by: Actor, level: int = ANSWERING) -> bool:
    """Let a person see and answer a mailbox. False when they could already."""
    if Membership.objects.filter(mailbox=mailbox, user=user).exists():
        return False
    return grant(mailbox, user=user, level=level, by=by)


def take_out(mailbox: Mailbox, *, user: User, by: Actor) -> bool:
    """End a person's sight of a mailbox; what they own there stays theirs until given on. False when not in it.

    Somebody who is in it through a team as well is kept out by a grant of NONE.
    """
    if not Membership.objects.filter(mailbox=mailbox, user=user).exists():
        return False
    by_team = Grant.objects.filter(mailbox=mailbox, team__members=user, level__gt=NONE).exists()
    return grant(mailbox, user=user, level=NONE if by_team else None, by=by)
