"""What the verbs between two conversations share: both rows held, messages moved with all that hangs on them."""

from collections.abc import Sequence

from django.db import connection
from django.utils.translation import gettext as _

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
    Message,
    SideThread,
)
from postroom.core.conversations.models.conversation import NOT_AWAY
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
    """Put the messages, by their ids, and their files into the conversation."""
    for start in range(0, len(messages), 500):
        some = messages[start : start + 500]
        Message.objects.filter(pk__in=some).update(conversation=into)
        Attachment.objects.filter(message__in=some).update(conversation=into)
        # A side thread is where its mails are.
        SideThread.objects.filter(messages__in=some).update(conversation=into)


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
