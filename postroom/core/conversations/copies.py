"""What a conversation's row copies of its messages, brought up to date when one more is filed."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from postroom.core.conversations.automatic import WAKES_NOBODY
from postroom.core.conversations.incoming import IncomingMessage
from postroom.core.conversations.models import CLOSED, MERGED, OPEN, PENDING, SNOOZED, TRASH, Conversation, Message
from postroom.core.conversations.models.conversation import NOT_AWAY
from postroom.core.conversations.models.message import IN
from postroom.lib.rows import find, update
from postroom.lib.text import snippet

_COLUMNS = (
    "status",
    "waiting_since",
    "message_count",
    "has_attachments",
    "last_activity_at",
    "closed_at",
    "merged_into_id",
    "mailbox_id",
    "wakes_on_answer",
)


@dataclass(frozen=True)
class Place:
    """A conversation as it is now, held to the end of the transaction."""

    conversation: Conversation


def lock(conversation: Conversation) -> Place | None:
    """Read the row anew and hold it; the one that it was merged into, when that happened; None when it is gone."""
    seen = {conversation.pk}
    row = find(Conversation, _COLUMNS, lock=True, id=conversation.pk)
    while row is not None:
        for name, value in zip(_COLUMNS, row, strict=True):
            setattr(conversation, name, value)
        target = conversation.merged_into_id
        if conversation.status != MERGED or target is None or target in seen:
            return Place(conversation)
        seen.add(target)
        conversation = Conversation(id=target)
        row = find(Conversation, _COLUMNS, lock=True, id=target)
    return None


def bring_up_to_date(place: Place, *, message: Message, mail: IncomingMessage) -> bool:
    """Write what the list shows of the newest message and wake the conversation; tell whether it was asleep."""
    row = place.conversation
    wakes = wakes_anybody(mail)
    if mail.side_thread_id is not None:
        return _beside(row, message=message, mail=mail)
    reopened = wakes and _asleep(row)
    changes: dict[str, Any] = {
        "message_count": row.message_count + 1,
        "last_message_id": message.pk,
        "waiting_since": _waiting_since(row, message, mail, wakes=wakes),
        "has_attachments": row.has_attachments or any(not file.inline for file in mail.files),
    }
    if message.created_at >= row.last_activity_at:
        changes |= {
            "last_activity_at": message.created_at,
            "snippet": snippet(mail.shown or mail.text, length=200),
            "last_from": (message.from_name or message.from_email)[:200],
        }
    if reopened:
        changes |= {"status": OPEN, "closed_at": None, **NOT_AWAY}
    update(Conversation, row.pk, **changes)
    for name, value in changes.items():
        setattr(row, name, value)
    return reopened


def _beside(row: Conversation, *, message: Message, mail: IncomingMessage) -> bool:
    """A side thread's mail is nothing that the customer said: their clock and their words in the list stay as they are.

    It does open what rests while somebody else acts, or is done; one that was put off comes back when it was to.
    """
    reopened = wakes_anybody(mail) and row.status in (CLOSED, PENDING)
    changes: dict[str, Any] = {
        "message_count": row.message_count + 1,
        "last_message_id": message.pk,
        "has_attachments": row.has_attachments or any(not file.inline for file in mail.files),
        "last_activity_at": max(message.created_at, row.last_activity_at),
    }
    if reopened:
        changes |= {"status": OPEN, "closed_at": None, **NOT_AWAY}
    update(Conversation, row.pk, **changes)
    for name, value in changes.items():
        setattr(row, name, value)
    return reopened


def _asleep(row: Conversation) -> bool:
    """Tell whether an answer brings it back. From the trash too: a customer's words are in nobody's way there."""
    if row.status == SNOOZED:
        return row.wakes_on_answer is not False
    return row.status in (CLOSED, PENDING, TRASH)


def wakes_anybody(mail: IncomingMessage) -> bool:
    """Tell whether a person wrote this, and to us: not a machine, not ourselves, and not years ago."""
    if mail.outgoing or mail.quiet:
        return False
    return mail.automatic not in WAKES_NOBODY if mail.wakes is None else mail.wakes


def _waiting_since(row: Conversation, message: Message, mail: IncomingMessage, *, wakes: bool) -> datetime | None:
    if wakes:
        return row.waiting_since or message.created_at
    if mail.outgoing and row.waiting_since and _answers(row, message, mail):
        return None
    return row.waiting_since


def _answers(row: Conversation, message: Message, mail: IncomingMessage) -> bool:
    """Tell whether what we wrote elsewhere came after the customer's last words, by the mails' own dates.

    When we fetched them says nothing: the Sent folder may be read first.
    """
    said = Message.objects.filter(conversation=row, kind=IN, pk__lt=message.pk, automatic="", side_thread=None)
    last = said.order_by("-pk").first()
    if last is None or mail.sent_at is None or (last.rfc_id and last.rfc_id in mail.in_reply_to):
        return True
    return mail.sent_at >= (last.sent_at or last.created_at)
