from django.db import transaction
from django.db.models import Q
from django.utils.translation import gettext as _

from postroom.core.accounts.models import Mailbox, Team
from postroom.core.accounts.rights import answerers_on
from postroom.core.conversations.actions.mailbox_naming import named_by_mailbox
from postroom.core.conversations.actions.moving import MovedSince, MoveRefused, held
from postroom.core.conversations.actions.sensitive import make_sensitive, owner_goes
from postroom.core.conversations.allowed import must_answer
from postroom.core.conversations.models import MERGED, Conversation, FormerMailbox, Message, Participant
from postroom.core.conversations.models.message import DEFERRED, LEASED, SENDING
from postroom.core.conversations.naming import named_in, on_mailbox
from postroom.core.events.actor import SYSTEM, Actor
from postroom.core.events.kinds import FewerSeen, MovedToMailbox, Unassigned
from postroom.core.events.record import record

# Its server and its From are those of the mailbox that it leaves from.
_UNDER_WAY = (LEASED, SENDING, DEFERRED)


class ReplyUnderWay(MoveRefused):
    def __init__(self) -> None:
        super().__init__(_("A reply is on its way out. Nothing was moved. Wait until it has left, then move it."))


class NobodyThere(MoveRefused):
    def __init__(self, mailbox: str) -> None:
        words = _("It is sensitive, and none of its people is on %(mailbox)s. Nothing was moved. Name somebody there.")
        super().__init__(words % {"mailbox": mailbox})


def move_to_mailbox(conversation: Conversation, *, mailbox: Mailbox, by: Actor) -> bool:
    """Let it belong to another mailbox, with what was merged into it. False when it is there; MoveRefused.

    Whoever is not on that one sees it no more, at once. What its customer still writes to the old address is filed in
    it. Replies that have not begun to leave go out from the new mailbox. It is its own opposite.
    """
    must_answer(conversation.mailbox_id, by=by)
    must_answer(mailbox.pk, by=by)
    with transaction.atomic():
        row = held(conversation.pk)[conversation.pk]
        former = row.mailbox
        if former.pk == mailbox.pk:
            return False
        # It may have been moved since the page was made.
        must_answer(former.pk, by=by)
        _refuse(row, mailbox)
        _move(row, former=former, to=mailbox)
        _hide(row)
        _owner_goes(row)
        kind = MovedToMailbox(mailbox=mailbox.name, former=former.name, former_id=former.pk)
        record(kind, by=by, mailbox_id=mailbox.pk, conversation_id=row.pk)
        # Of the mailbox, not of the conversation: it is told to those who do not see that any more.
        record(FewerSeen(), by=SYSTEM, mailbox_id=former.pk)
    conversation.mailbox = mailbox
    return True


def _refuse(row: Conversation, mailbox: Mailbox) -> None:
    if row.status == MERGED:
        raise MovedSince
    if Message.objects.filter(conversation=row, delivery__in=_UNDER_WAY).exists():
        raise ReplyUnderWay
    if row.sensitive and not on_mailbox(named_in(row), mailbox.pk):
        raise NobodyThere(mailbox.name)


def _move(row: Conversation, *, former: Mailbox, to: Mailbox) -> None:
    whole = Conversation.objects.filter(Q(pk=row.pk) | Q(merged_into=row.pk))
    for number in whole.values_list("pk", flat=True):
        FormerMailbox.objects.get_or_create(conversation_id=number, mailbox=former)
    FormerMailbox.objects.filter(conversation__in=whole, mailbox=to).delete()
    whole.update(mailbox=to)
    # A mailbox takes no part in its own conversations.
    Participant.objects.filter(conversation=row, email=to.address).delete()
    row.mailbox = to


def _hide(row: Conversation) -> None:
    """Where each new conversation is sensitive, so is one that is moved there: for the same people."""
    if not row.sensitive and named_by_mailbox(row):
        make_sensitive(row, people=named_in(row), by=SYSTEM)


def _owner_goes(row: Conversation) -> None:
    """Take it from a person who cannot answer in the new mailbox, or a team without anybody who can."""
    if row.sensitive:
        owner_goes(row.pk)
    able = answerers_on(row.mailbox_id)
    lost_person = row.assignee_id is not None and row.assignee_id not in {one.pk for one in able}
    lost_team = row.team_id is not None and not Team.objects.filter(pk=row.team_id, members__in=able).exists()
    if not (lost_person or lost_team):
        return
    still = Q(assignee__isnull=False) | Q(team__isnull=False)
    if Conversation.objects.filter(still, pk=row.pk).update(assignee=None, team=None):
        record(Unassigned(), by=SYSTEM, mailbox_id=row.mailbox_id, conversation_id=row.pk)
