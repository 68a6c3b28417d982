"""What a mailbox holds, read in pieces: no piece keeps the database waiting, and none fills the memory."""

from collections.abc import Iterator
from typing import TypeVar

from django.db.models import Model, QuerySet

from postroom.channels.mail.build import build
from postroom.channels.mail.models import FILED, IncomingMail
from postroom.channels.mail.sight import Sight
from postroom.core.accounts.models import Mailbox
from postroom.core.conversations.models import Conversation, Message
from postroom.core.conversations.models.delivery import TURNED_AWAY, WAITING
from postroom.core.conversations.models.message import IN, OUT, SENDING, SENT, UNCERTAIN
from postroom.core.events.models import Event
from postroom.core.storage import blobs
from postroom.lib.blobs import BlobMissing

_Row = TypeVar("_Row", bound=Model)

_AT_ONCE = 200
# One text may be megabytes.
_MESSAGES_AT_ONCE = 20


class Unreadable(Exception):
    """The bytes of one mail or file cannot be had; the sentence says why."""


def conversations_of(mailbox: Mailbox, *, sight: Sight) -> Iterator[Conversation]:
    """Give each conversation of the mailbox, the oldest first."""
    rows = Conversation.objects.filter(sight.of(), mailbox=mailbox).select_related("contact", "assignee", "team")
    yield from _in_pieces(rows.prefetch_related("tags", "participants"), size=_AT_ONCE)


def messages_in(conversation: Conversation) -> Iterator[Message]:
    """Give each message of a conversation, the oldest first; replies that were taken back too."""
    yield from _in_pieces(_whole(Message.objects.filter(conversation=conversation)), size=_MESSAGES_AT_ONCE)


def mails_of(mailbox: Mailbox, *, sight: Sight) -> Iterator[Message]:
    """Give each message of the mailbox that is a mail (see `is_mail`), the oldest first."""
    rows = Message.objects.filter(sight.of(through="conversation"), conversation__mailbox=mailbox, kind__in=(IN, OUT))
    rows = _whole(rows)
    for message in _in_pieces(rows, size=_MESSAGES_AT_ONCE):
        if is_mail(message):
            yield message


def is_mail(message: Message) -> bool:
    """Tell whether it went over the wire: no note, and no reply that has not left yet."""
    if message.kind == IN:
        return True
    left = message.delivery in (SENT, SENDING, UNCERTAIN)
    partly = any(one.state not in (WAITING, TURNED_AWAY) for one in message.deliveries.all())
    return message.kind == OUT and (left or partly)


def outside_of(mailbox: Mailbox, *, sight: Sight) -> Iterator[IncomingMail]:
    """Give each mail that came and is no conversation's: parked, quarantined, a second copy, or not filed yet."""
    rows = IncomingMail.objects.filter(mailbox=mailbox).exclude(state=FILED).select_related("duplicate_of")
    for mail in _in_pieces(rows, size=_AT_ONCE):
        if not sight.hides(mail):
            yield mail


def events_in(conversation: Conversation) -> Iterator[Event]:
    """Give all that the log says of a conversation, in order."""
    yield from _in_pieces(Event.objects.filter(conversation_id=conversation.pk), size=_AT_ONCE)


def raw_of(message: Message) -> bytes:
    """Return the mail as it came, or as it left; Unreadable when its bytes are gone."""
    if message.raw_digest:
        return bytes_of(message.raw_digest)
    if message.kind == IN:
        raise Unreadable("No original of it was kept.")
    try:
        return build(message)
    except (BlobMissing, OSError) as gone:
        raise Unreadable(str(gone)) from gone


def bytes_of(digest: str) -> bytes:
    """Return stored bytes; Unreadable when the file is gone or damaged, or the disk refuses."""
    try:
        return blobs().get(digest)
    except (BlobMissing, OSError) as gone:
        raise Unreadable(str(gone)) from gone


def _whole(messages: QuerySet[Message]) -> QuerySet[Message]:
    rows = messages.select_related("author", "contact", "conversation__mailbox", "conversation__contact")
    return rows.prefetch_related("attachments", "deliveries")


def _in_pieces(rows: QuerySet[_Row], *, size: int) -> Iterator[_Row]:
    """Ask anew for each piece: a cursor that stays open would hold back SQLite's checkpoints for hours."""
    last = 0
    while piece := list(rows.filter(pk__gt=last).order_by("pk")[:size]):
        yield from piece
        last = piece[-1].pk
