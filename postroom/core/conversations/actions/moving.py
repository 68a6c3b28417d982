"""What the verbs between two conversations share: both rows held, messages moved with all that hangs on them."""

from collections.abc import Collection, Sequence

from django.db import connection
from django.utils.translation import gettext as _

from postroom.core.conversations.beside import side_answered
from postroom.core.conversations.models import (
    CLOSED,
    MERGED,
    OPEN,
    PENDING,
    SNOOZED,
    SPAM,
    TRASH,
    Attachment,
    Conversation,
    FormerMailbox,
    Message,
    SideThread,
)
from postroom.core.conversations.models.conversation import NOT_AWAY
from postroom.core.conversations.models.message import IN
from postroom.core.events.actor import Actor


class MoveRefused(Exception):
    """Nothing was moved; the text says why, for the person who asked."""


class SameConversation(MoveRefused):
    def __init__(self, number: int) -> None:
        super().__init__(_("It is in conversation #%(number)s already.") % {"number": number})


class OtherMailbox(MoveRefused):
    def __init__(self) -> None:
        super().__init__(_("These conversations are in two mailboxes, which other people may read. Nothing was moved."))


class OtherNames(MoveRefused):
    def __init__(self) -> None:
        super().__init__(
            _("Both are sensitive, and not the same people see them. Nothing was moved. Name the same in both first.")
        )


class AloneAlready(MoveRefused):
    def __init__(self) -> None:
        super().__init__(_("This mail is a conversation of its own already."))


class NotAMail(MoveRefused):
    def __init__(self) -> None:
        super().__init__(_("Only a mail that came in can be a conversation of its own. Nothing was moved."))


class Beside(MoveRefused):
    def __init__(self) -> None:
        super().__init__(
            _("This belongs to a side thread, which the customer does not see. Nothing was moved. Forward it instead.")
        )


class MovedSince(MoveRefused):
    def __init__(self) -> None:
        super().__init__(_("It has been moved again since. Nothing was changed."))


def held(*numbers: int) -> dict[int, Conversation]:
    """Lock these conversations until the transaction ends, in one order so that nobody waits in a ring."""
    rows = Conversation.objects.filter(pk__in=numbers).order_by("pk")
    if connection.features.has_select_for_update:
        # Of the conversation's own row only: owners, who may be missing, cannot be locked along.
        rows = rows.select_for_update(of=("self",), no_key=True)
    return {row.pk: row for row in rows.select_related("mailbox", "contact")}


def target_of(conversation: Conversation) -> int:
    """Return the number of the conversation that holds this one's messages now: itself, unless it was merged."""
    seen: set[int] = set()
    number = conversation.pk
    while number not in seen:
        seen.add(number)
        row = Conversation.objects.filter(pk=number, status=MERGED).values_list("merged_into", flat=True).first()
        if row is None:
            return number
        number = row
    return number


def move(messages: Sequence[int], *, into: Conversation) -> None:
    """Put the messages, by their ids, and their files into the conversation, and what is beside it stays beside it."""
    sides: set[int | None] = set()
    for start in range(0, len(messages), 500):
        some = messages[start : start + 500]
        Message.objects.filter(pk__in=some).update(conversation=into)
        Attachment.objects.filter(message__in=some).update(conversation=into)
        beside = Message.objects.filter(pk__in=some, side_thread__isnull=False)
        sides.update(beside.values_list("side_thread", flat=True))
    if sides:
        _move_sides(sides, into=into)
    _into_sides(messages, into=into, along=sides)


def _move_sides(sides: Collection[int | None], *, into: Conversation) -> None:
    """A side thread is where it was begun. What is parted from that is in one of its own, and never in the talk."""
    for side in SideThread.objects.exclude(conversation=into).filter(pk__in=sides):
        places = dict.fromkeys(side.messages.order_by("pk").values_list("conversation", flat=True))
        first, *others = places
        SideThread.objects.filter(pk=side.pk).update(conversation=first)
        for number in others:
            parted = SideThread.objects.create(
                conversation_id=number, subject=side.subject, people=side.people, by=side.by, created_at=side.created_at
            )
            side.messages.filter(conversation=number).update(side_thread=parted)


def _into_sides(messages: Sequence[int], *, into: Conversation, along: Collection[int | None]) -> None:
    """What answers a side thread that was there before belongs to it: the mail of a third party's colleague.

    Not by those who speak as the customer there, whatever they quote.
    """
    if not SideThread.objects.filter(conversation=into).exclude(pk__in=along).exists():
        return
    for message in Message.objects.filter(pk__in=messages, kind=IN, side_thread=None):
        quoted = (message.in_reply_to, message.references)
        side = side_answered(*quoted, sender=message.from_email, into=into.pk, but=messages)
        if side is not None:
            Message.objects.filter(pk=message.pk).update(side_thread=side)


def carry_former(source: Conversation, *, into: Conversation) -> None:
    """Let what is answered at a mailbox that the messages once were in be known where they go, too."""
    former = FormerMailbox.objects.filter(conversation=source).exclude(mailbox=into.mailbox_id)
    for mailbox_id in former.values_list("mailbox_id", flat=True):
        FormerMailbox.objects.get_or_create(conversation=into, mailbox_id=mailbox_id)


def wake(target: Conversation, *, source_status: str) -> None:
    """Let what still has to be done not vanish in a closed conversation."""
    asleep = (CLOSED, SPAM, TRASH) if source_status in (PENDING, SNOOZED) else (CLOSED, PENDING, SNOOZED, SPAM, TRASH)
    if source_status not in (OPEN, PENDING, SNOOZED) or target.status not in asleep:
        return
    awake: dict[str, object] = {"status": OPEN, "closed_at": None, **NOT_AWAY}
    for name, value in awake.items():
        setattr(target, name, value)
    Conversation.objects.filter(pk=target.pk).update(**awake)


def name_of(by: Actor) -> str:
    """Return what the evidence calls the one who moved a message."""
    return str(getattr(by, "name", "")) or "Postroom"
