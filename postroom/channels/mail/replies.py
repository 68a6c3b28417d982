"""Which reply of ours a machine's mail is about, and what in it says so."""

import hmac
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import timedelta

from postroom.channels.mail.marks import addressed, addressed_side, loop_mark
from postroom.channels.mail.parsed import Parsed
from postroom.channels.mail.spellings import spellings
from postroom.channels.mail.triage.original import original_ids, original_marks
from postroom.core.accounts.models import Mailbox
from postroom.core.conversations.former import is_or_was_in
from postroom.core.conversations.models import Conversation, Delivery, Message
from postroom.core.conversations.models.delivery import TURNED_AWAY
from postroom.core.conversations.models.message import CANCELLED, OUT
from postroom.lib import clock

# Servers try for five days (RFC 5321 4.5.4.1); then their report comes.
REPORTS_WITHIN = timedelta(days=6)
ANSWERS_WITHIN = timedelta(days=2)
_MOST = 50


@dataclass(frozen=True)
class Found:
    """The reply, and whether an id or a mark of ours says so; if not, only whom it went to and when."""

    reply: Message
    proven: bool = True


def find_reply(parsed: Parsed, *, emails: Iterable[str], mailbox: Mailbox) -> Found | None:
    """Return the reply of this mailbox that a report or receipt speaks of; `emails` are those whom it names.

    By the original's Message-ID (nobody guesses ours); by our mark in the returned headers, when a server on the way
    gave the mail another id; by the signed address that it came to; and when it returns nothing of the original, by
    the recipient, if only one reply went there lately.
    """
    ids = original_ids(parsed)
    if reply := _by_id(ids, mailbox):
        return Found(reply)
    sent = _lately_to(emails, mailbox=mailbox, within=REPORTS_WITHIN)
    marks = original_marks(parsed)
    for reply in sent:
        if any(hmac.compare_digest(loop_mark(mailbox, rfc_id=reply.rfc_id).encode(), mark.encode()) for mark in marks):
            return Found(reply)
    side = addressed_side(parsed, mailbox=mailbox)
    if side is not None and (reply := _last_beside(side, sent)):
        return Found(reply)
    conversation_id = addressed(parsed, mailbox=mailbox)
    if conversation_id is not None and (reply := _last_of(conversation_id, sent, mailbox)):
        return Found(reply)
    # One that names another mail is about that one.
    if ids or marks or len(sent) != 1:
        return None
    return Found(sent[0], proven=False)


def find_answered(parsed: Parsed, *, mailbox: Mailbox) -> Message | None:
    """Return the reply that an absent person's program answers without saying so: the last one lately sent to this
    address, when all of those are of one conversation.
    """
    sent = _lately_to([parsed.from_.email], mailbox=mailbox, within=ANSWERS_WITHIN)
    return sent[0] if len({reply.conversation_id for reply in sent}) == 1 else None


def standing(conversation: Conversation) -> Conversation:
    """Return where the messages of a conversation are now, if it was joined to others."""
    for _step in range(20):
        if conversation.merged_into is None:
            break
        conversation = conversation.merged_into
    return conversation


def _by_id(ids: tuple[str, ...], mailbox: Mailbox) -> Message | None:
    quoted = [f"<{one}>" for one in ids]
    if not quoted:
        return None
    known = Message.objects.filter(is_or_was_in(mailbox), kind=OUT, rfc_id__in=quoted)
    found = {message.rfc_id: message for message in known.select_related("conversation")[:_MOST]}
    return next((found[one] for one in quoted if one in found), None)


def _lately_to(emails: Iterable[str], *, mailbox: Mailbox, within: timedelta) -> list[Message]:
    """Return the replies to one of these addresses that a server took, the newest first."""
    names = {name[:254] for email in emails for name in spellings(email)}
    if not names:
        return []
    rows = Delivery.objects.filter(email__in=names, at__gte=clock.now() - within).exclude(state=TURNED_AWAY)
    ours = is_or_was_in(mailbox, through="message__conversation")
    rows = rows.filter(ours, message__kind=OUT).exclude(message__delivery=CANCELLED)
    recent = rows.select_related("message__conversation").order_by("-at")[:_MOST]
    return list({row.message_id: row.message for row in recent}.values())


def _last_beside(side: int, sent: list[Message]) -> Message | None:
    return next((reply for reply in sent if reply.side_thread_id == side), None)


def _last_of(conversation_id: int, sent: list[Message], mailbox: Mailbox) -> Message | None:
    """Of one conversation, the reply that went to whom the report names, else its last one."""
    named = next((one for one in sent if one.conversation_id == conversation_id and one.side_thread_id is None), None)
    if named:
        return named
    own = Message.objects.filter(is_or_was_in(mailbox), conversation_id=conversation_id, kind=OUT, side_thread=None)
    return own.exclude(delivery=CANCELLED).select_related("conversation").order_by("-pk").first()
