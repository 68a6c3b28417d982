from django.db import transaction

from postroom.core.accounts.actions.teams import delete_team, held_team
from postroom.core.accounts.models import Team
from postroom.core.conversations.models import Conversation
from postroom.core.events.actor import Actor
from postroom.core.events.kinds import Unassigned
from postroom.core.events.record import record

# So that a team of many years keeps no other writer waiting for long.
_AT_ONCE = 200


def disband(team: Team, *, by: Actor) -> int:
    """Delete a team; what it owned is free to take, each with an event. Return how many conversations that were.

    A part at a time, each a transaction of its own: stopped in between, the team is still there and the rest is its.
    """
    freed = 0
    while some := _free_some(team, by=by):
        freed += some
    with transaction.atomic():
        held_team(team)
        # What was given to it meanwhile; nothing more can be while its row is held.
        while some := _free_some(team, by=by):
            freed += some
        delete_team(team, by=by)
    return freed


def _free_some(team: Team, *, by: Actor) -> int:
    with transaction.atomic():
        rows = Conversation.objects.filter(team=team).order_by("pk").values_list("pk", "mailbox_id")[:_AT_ONCE]
        for number, mailbox_id in list(rows):
            if Conversation.objects.filter(pk=number, team=team).update(team=None):
                record(Unassigned(), by=by, mailbox_id=mailbox_id, conversation_id=number)
    return len(rows)
