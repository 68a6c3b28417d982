from django.db import transaction
from django.utils.translation import gettext as _

from postroom.core.accounts.models import User
from postroom.core.conversations.actions.moving import MoveRefused, target_of
from postroom.core.conversations.allowed import NotAllowed, must_answer
from postroom.core.conversations.models import Conversation, ConversationLink
from postroom.core.events.actor import Actor
from postroom.core.events.kinds import Linked, Unlinked
from postroom.core.events.record import record
from postroom.lib import clock


class LinkedWithItself(MoveRefused):
    def __init__(self) -> None:
        super().__init__(_("A conversation cannot be linked with itself."))


def link(conversation: Conversation, *, to: Conversation, by: Actor) -> bool:
    """Say that two conversations have to do with each other, of one mailbox or of two. False when it is said.

    Each shows the other to those who see both. The opposite is `unlink`.
    """
    must_answer(conversation.mailbox_id, by=by)
    _must_see(to, by=by)
    with transaction.atomic():
        here, there = target_of(conversation), target_of(to)
        if here == there:
            raise LinkedWithItself
        one, other = sorted((here, there))
        person = by if isinstance(by, User) else None
        _link, made = ConversationLink.objects.get_or_create(
            one_id=one, other_id=other, defaults={"by": person, "at": clock.now()}
        )
        if made:
            _tell(Linked, here, there, by=by)
    return made


def unlink(conversation: Conversation, *, to: Conversation, by: Actor) -> bool:
    """Take the link away. False when there is none."""
    must_answer(conversation.mailbox_id, by=by)
    with transaction.atomic():
        one, other = sorted((conversation.pk, to.pk))
        gone, _rows = ConversationLink.objects.filter(one=one, other=other).delete()
        if gone:
            _tell(Unlinked, conversation.pk, to.pk, by=by)
    return bool(gone)


def _must_see(conversation: Conversation, *, by: Actor) -> None:
    if isinstance(by, User) and not Conversation.objects.visible_to(by).filter(pk=conversation.pk).exists():
        raise NotAllowed(_("You do not see the other conversation."))


def _tell(kind: type[Linked] | type[Unlinked], here: int, there: int, *, by: Actor) -> None:
    mailboxes = dict(Conversation.objects.filter(pk__in=(here, there)).values_list("pk", "mailbox_id"))
    for number, other in ((here, there), (there, here)):
        record(kind(to=other), by=by, mailbox_id=mailboxes[number], conversation_id=number)
