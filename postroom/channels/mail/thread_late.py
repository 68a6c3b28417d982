"""Mails that come out of order: an answer before its question, two answers to a mail that never came."""

from dataclasses import dataclass

from postroom.channels.mail.thread_clues import Question
from postroom.core.conversations.actions.merge import join_late
from postroom.core.conversations.models import LooseEnd, Message

# The ids that an answer's siblings and its late parents most likely share.
_MOST = 8
# What PostgreSQL's index takes, with room to spare.
_LONGEST = 2000


@dataclass(frozen=True, slots=True)
class Waiting:
    """A mail that came before this one and answers it: its row, and the conversation it lies in for now."""

    message_id: int
    conversation_id: int


def loose_ends(asked: Question, *, joined: bool) -> tuple[str, ...]:
    """Return the quoted ids that are worth remembering, in brackets: those that nobody here knows yet.

    Nothing when the mail is filed and what it answers directly is here; nor for a forward, which answers nothing.
    """
    direct = asked.ids[0] if asked.ids else ""
    if not direct or asked.forward or (joined and asked.is_known(direct)):
        return ()
    parsed = asked.parsed
    near = (*parsed.in_reply_to[:2], *parsed.references[: -_MOST + 2 : -1], *parsed.references[:1])
    ids = {f"<{one}>": None for one in near if len(one.encode()) <= _LONGEST}
    addresses = asked.addresses
    fit = [one for one in ids if one in asked.ids and one not in addresses and not asked.is_known(one)]
    return tuple(fit[:_MOST])


def waiting_for(asked: Question) -> tuple[Waiting, ...]:
    """Return the mails here that quote this one's id."""
    return tuple(
        Waiting(one.message_id, one.conversation_id)
        for one in asked.found
        if one.late and one.named == asked.own_id and one.message_id is not None
    )


def keep_loose_ends(ids: tuple[str, ...], *, message: Message) -> None:
    """Remember what a filed message quotes and nobody knows."""
    mailbox_id = message.conversation.mailbox_id
    LooseEnd.objects.bulk_create([LooseEnd(mailbox_id=mailbox_id, rfc_id=one, message=message) for one in ids])


def join_waiting(waiting: tuple[Waiting, ...], *, message: Message) -> None:
    """Bring the conversations that were begun by an early answer into the one where its question is filed now."""
    LooseEnd.objects.filter(rfc_id=message.rfc_id, mailbox_id=message.conversation.mailbox_id).delete()
    for number in dict.fromkeys(one.conversation_id for one in waiting):
        if number != message.conversation_id:
            join_late(number, into=message.conversation)
