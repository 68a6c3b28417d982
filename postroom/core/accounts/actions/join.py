from django.db import transaction

from postroom.core.accounts.models import Mailbox, Membership, User
from postroom.core.events.actor import Actor
from postroom.core.events.kinds import MemberJoined, MemberLeft
from postroom.core.events.record import record


def let_in(mailbox: Mailbox, *, user: User, by: Actor) -> bool:
    """Let a person see and answer a mailbox. False when they could already."""
    with transaction.atomic():
        _row, made = Membership.objects.get_or_create(mailbox=mailbox, user=user)
        if not made:
            return False
        kind = MemberJoined(person=user.name, address=mailbox.address, user_id=user.pk)
        record(kind, by=by, mailbox_id=mailbox.pk)
    return True


def take_out(mailbox: Mailbox, *, user: User, by: Actor) -> bool:
    """End a person's sight of a mailbox; what they own there stays theirs until given on. False when not in it."""
    with transaction.atomic():
        removed, _rows = Membership.objects.filter(mailbox=mailbox, user=user).delete()
        if not removed:
            return False
        kind = MemberLeft(person=user.name, address=mailbox.address, user_id=user.pk)
        record(kind, by=by, mailbox_id=mailbox.pk)
    return True
