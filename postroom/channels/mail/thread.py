"""Find the conversation that a mail belongs to, and say why."""

from dataclasses import dataclass, replace

from django.db.models import Q

from postroom.channels.mail.marks import is_own_mail
from postroom.channels.mail.parsed import Parsed
from postroom.channels.mail.spellings import spellings
from postroom.core.accounts.models import Mailbox
from postroom.core.conversations.actions.receive import IncomingMessage
from postroom.core.conversations.evidence import ANSWERS, OWN
from postroom.core.conversations.models import Conversation, Message, Participant
from postroom.core.conversations.models.message import IN, OUT
from postroom.lib.addresses import normalize

# A mail may quote thousands of ids; those that matter are the last ones.
_IDS = 60


@dataclass(frozen=True)
class Waiting:
    """A mail that came before this one and answers it: its row, and the conversation it lies in for now."""

    message_id: int
    conversation_id: int


@dataclass(frozen=True)
class Thread:
    """Where a mail belongs and the evidence for it, as codes of postroom.core.conversations.evidence.

    Without a conversation it begins a new one; `offered` is one that it may belong to, for a person to decide.
    `thread_index` is Outlook's, in hex; `loose` are quoted ids that nobody here knows yet; `waiting` answered it early.
    """

    conversation: Conversation | None = None
    by: str = ""
    detail: str = ""
    offered: Conversation | None = None
    offered_by: str = ""
    thread_index: str = ""
    loose: tuple[str, ...] = ()
    waiting: tuple[Waiting, ...] = ()


def find_thread(parsed: Parsed, *, mailbox: Mailbox, automatic: str = "", outgoing: bool = False) -> Thread:
    """Return the conversation of this mailbox whose message the mail answers, and why; call it when filing, inside
    the transaction that files.

    Quoting an id is not enough, since ids are seen by many: the sender must take part in that conversation.
    `automatic` is what triage said ("" for a person's mail); `outgoing` mail was written by one of us elsewhere: then
    those it goes to must take part.
    """
    if own := _own(parsed, mailbox):
        return Thread(own, OWN)
    # From alone: it is what servers vouch for (DMARC). Anybody may write a participant's address into Reply-To.
    senders = set(spellings(parsed.from_.email)) - {mailbox.address}
    if not senders:
        return Thread()
    for message in _quoted(parsed, mailbox):
        if takes_part(message.conversation, senders):
            return Thread(message.conversation, ANSWERS, str(message.pk))
    return Thread()


def with_evidence(mail: IncomingMessage, thread: Thread) -> IncomingMessage:
    """Return the message with what the core stores of the evidence."""
    return replace(
        mail,
        joined_by=thread.by,
        joined_detail=thread.detail,
        offered_id=thread.offered.pk if thread.offered else None,
        offered_by=thread.offered_by,
        thread_index=thread.thread_index,
    )


def late_answers(thread: Thread, *, message: Message) -> None:
    """After filing, in the same transaction: keep the loose ends, and join what came before its question."""


def takes_part(conversation: Conversation, emails: set[str]) -> bool:
    """Tell whether one of the addresses wrote in this conversation, was written to, or is its contact."""
    if normalize(conversation.contact.email) in emails:
        return True
    return Participant.objects.filter(conversation=conversation, email__in=emails).exists()


def _own(parsed: Parsed, mailbox: Mailbox) -> Conversation | None:
    if not parsed.message_id or not is_own_mail(parsed, mailbox=mailbox):
        return None
    sent = Message.objects.filter(conversation__mailbox=mailbox, kind=OUT, rfc_id=f"<{parsed.message_id}>")
    message = sent.select_related("conversation").first()
    return message.conversation if message else None


def _quoted(parsed: Parsed, mailbox: Mailbox) -> list[Message]:
    """Return the messages whose ids the mail quotes: In-Reply-To first, then the References from the newest back."""
    ids = [f"<{i}>" for i in dict.fromkeys((*parsed.in_reply_to, *reversed(parsed.references))) if len(i) < 990][:_IDS]
    if not ids:
        return []
    known = Message.objects.filter(Q(kind=IN) | Q(kind=OUT), conversation__mailbox=mailbox, rfc_id__in=ids)
    found = known.select_related("conversation__contact").order_by("-pk")[:200]
    return sorted(found, key=lambda message: ids.index(message.rfc_id))
