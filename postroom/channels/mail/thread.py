"""Find the conversation that a mail belongs to, and say why."""

from dataclasses import dataclass

from django.db.models import Q

from postroom.channels.mail.marks import is_own_mail
from postroom.channels.mail.parsed import Parsed
from postroom.channels.mail.spellings import spellings
from postroom.core.accounts.models import Mailbox
from postroom.core.conversations.models import Conversation, Message, Participant
from postroom.core.conversations.models.message import IN, OUT
from postroom.lib.addresses import normalize

# A mail may quote thousands of ids; those that matter are the last ones.
_IDS = 60


@dataclass(frozen=True)
class Thread:
    """A conversation and the evidence that the mail belongs there, in an English sentence for the raw view."""

    conversation: Conversation
    evidence: str


def find_thread(parsed: Parsed, *, mailbox: Mailbox) -> Thread | None:
    """Return the conversation of this mailbox whose message the mail answers; None begins a new one.

    Quoting an id is not enough, since ids are seen by many: the sender must take part in that conversation.
    """
    if own := _own(parsed, mailbox):
        return Thread(own, "It is a copy of our own message.")
    # From alone: it is what servers vouch for (DMARC). Anybody may write a participant's address into Reply-To.
    senders = set(spellings(parsed.from_.email)) - {mailbox.address}
    if not senders:
        return None
    for message in _quoted(parsed, mailbox):
        if takes_part(message.conversation, senders):
            return Thread(message.conversation, f"It answers {message.rfc_id}, and its sender takes part there.")
    return None


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
