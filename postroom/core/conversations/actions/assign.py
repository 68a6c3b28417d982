from django.db import transaction
from django.db.models import Q
from django.utils.translation import gettext as _

from postroom.core.accounts.models import Membership, Team, User
from postroom.core.conversations.actions.change import change_where
from postroom.core.conversations.models import Conversation
from postroom.core.events.actor import Actor
from postroom.core.events.kinds import Assigned, Unassigned
from postroom.core.events.record import record


class CannotSee(Exception):
    """Work is only given to somebody who can see it."""

    def __init__(self, name: str) -> None:
        super().__init__(
            _("%(name)s is not on this mailbox and would not see the conversation. Nothing was changed.")
            % {"name": name}
        )


def assign(conversation: Conversation, *, to: User | Team, by: Actor) -> bool:
    """Give the conversation to one person or one team; it leaves its former owner. False when it was theirs already."""
    if isinstance(to, User):
        _refuse_blind(conversation, to)
        person, team = to, None
        where = ~Q(assignee=to) | Q(assignee=None)
        kind = Assigned(to=to.name, user_id=to.pk)
    else:
        person, team = None, to
        where = ~Q(team=to) | Q(team=None)
        kind = Assigned(to=to.name, team_id=to.pk)
    with transaction.atomic():
        if not change_where(conversation, where, assignee=person, team=team):
            return False
        record(kind, by=by, mailbox_id=conversation.mailbox_id, conversation_id=conversation.pk)
    return True


def unassign(conversation: Conversation, *, by: Actor) -> bool:
    """Make the conversation free to take. False when nobody had it."""
    owned = Q(assignee__isnull=False) | Q(team__isnull=False)
    with transaction.atomic():
        if not change_where(conversation, owned, assignee=None, team=None):
            return False
        record(Unassigned(), by=by, mailbox_id=conversation.mailbox_id, conversation_id=conversation.pk)
    return True


def _refuse_blind(conversation: Conversation, person: User) -> None:
    sees = Membership.objects.filter(user=person, mailbox_id=conversation.mailbox_id).exists()
    if not (sees and person.is_active):
        raise CannotSee(person.name)
