from django.db import transaction
from django.db.models import Q
from django.utils.translation import gettext as _

from postroom.core.accounts.actions.teams import held_team
from postroom.core.accounts.models import SEEING, Team, User
from postroom.core.accounts.rights import rights_in
from postroom.core.conversations.actions.change import change_where
from postroom.core.conversations.allowed import must_answer
from postroom.core.conversations.models import Conversation
from postroom.core.conversations.naming import named_in
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


class CannotAnswer(CannotSee):
    """Work is only given to somebody who can do it."""

    def __init__(self, name: str) -> None:
        Exception.__init__(
            self, _("%(name)s may read this mailbox, not answer in it. Nothing was changed.") % {"name": name}
        )


class CannotSeeThis(CannotSee):
    """As CannotSee, for a sensitive conversation."""

    def __init__(self, name: str) -> None:
        words = _("%(name)s is not named in this sensitive conversation and would not see it. Name them first.")
        Exception.__init__(self, words % {"name": name})


def assign(conversation: Conversation, *, to: User | Team, by: Actor) -> bool:
    """Give the conversation to one person or one team; it leaves its former owner. False when it was theirs already."""
    must_answer(conversation.mailbox_id, by=by)
    if isinstance(to, User):
        _refuse_idle(conversation, to)
        person, team = to, None
        where = ~Q(assignee=to) | Q(assignee=None)
        kind = Assigned(to=to.name, user_id=to.pk)
    else:
        person, team = None, to
        where = ~Q(team=to) | Q(team=None)
        kind = Assigned(to=to.name, team_id=to.pk)
    with transaction.atomic():
        if team:
            # It may have been deleted since the page with its name was made.
            held_team(team)
        sensitive = _refuse_blind(conversation, to)
        # Should it be marked meanwhile, nothing is changed.
        where &= Q(sensitive_since__isnull=not sensitive)
        if not change_where(conversation, where, assignee=person, team=team):
            return False
        record(kind, by=by, mailbox_id=conversation.mailbox_id, conversation_id=conversation.pk)
    return True


def unassign(conversation: Conversation, *, by: Actor) -> bool:
    """Make the conversation free to take. False when nobody had it."""
    must_answer(conversation.mailbox_id, by=by)
    owned = Q(assignee__isnull=False) | Q(team__isnull=False)
    with transaction.atomic():
        if not change_where(conversation, owned, assignee=None, team=None):
            return False
        record(Unassigned(), by=by, mailbox_id=conversation.mailbox_id, conversation_id=conversation.pk)
    return True


def _refuse_blind(conversation: Conversation, to: User | Team) -> bool:
    """Refuse to give a sensitive conversation to somebody who is not named in it; tell whether it is one."""
    if not Conversation.objects.filter(pk=conversation.pk, sensitive_since__isnull=False).exists():
        return False
    named = named_in(conversation)
    if not (named.filter(pk=to.pk) if isinstance(to, User) else named.filter(teams=to)).exists():
        raise CannotSeeThis(to.name)
    return True


def _refuse_idle(conversation: Conversation, person: User) -> None:
    rights = rights_in(conversation.mailbox_id, user_id=person.pk)
    if rights.level < SEEING:
        raise CannotSee(person.name)
    if not rights.answers:
        raise CannotAnswer(person.name)
