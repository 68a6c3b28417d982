"""Make a conversation's copies of its messages anew, after some have come or gone."""

from collections.abc import Iterator

from django.db.models import QuerySet

from postroom.core.conversations.automatic import WAKES_NOBODY
from postroom.core.conversations.models import (
    OPEN,
    PENDING,
    SNOOZED,
    Attachment,
    ChosenContact,
    Conversation,
    Message,
    Participant,
)
from postroom.core.conversations.models.message import CANCELLED, IN, NOTE, OUT
from postroom.lib.addresses import normalize
from postroom.lib.text import snippet


def recount(conversation: Conversation) -> None:
    """Bring list, clock, participants and contact to what the messages say; call it with the row locked."""
    messages = Message.objects.filter(conversation=conversation).exclude(delivery=CANCELLED)
    newest = messages.order_by("-created_at", "-pk").first()
    # What is said in side threads is neither to nor by the customer.
    talk = messages.filter(side_thread=None)
    spoken = talk.exclude(kind=NOTE).order_by("-created_at", "-pk").first()
    last = messages.order_by("-pk").values_list("pk", flat=True).first()
    emails = _participants(conversation, talk)
    files = Attachment.objects.filter(message__conversation=conversation, inline=False)
    fields = {
        "message_count": messages.count(),
        "last_message_id": last,
        "last_activity_at": newest.created_at if newest else conversation.last_activity_at,
        "last_from": (spoken.from_name or spoken.from_email)[:200] if spoken else "",
        "snippet": snippet(spoken.text, length=200) if spoken else "",
        "waiting_since": _waiting_since(conversation, talk),
        "has_attachments": files.exclude(message__delivery=CANCELLED).exists(),
        "contact_id": _contact(conversation, talk, emails),
    }
    Conversation.objects.filter(pk=conversation.pk).update(**fields)
    for name, value in fields.items():
        setattr(conversation, name, value)


def _waiting_since(conversation: Conversation, messages: QuerySet[Message]) -> object:
    if conversation.status not in (OPEN, PENDING, SNOOZED):
        return None
    answered = messages.filter(kind=OUT).order_by("-pk").values_list("pk", flat=True).first() or 0
    waiting = messages.filter(kind=IN, pk__gt=answered).exclude(automatic__in=WAKES_NOBODY).order_by("pk")
    return waiting.values_list("created_at", flat=True).first()


def _participants(conversation: Conversation, messages: QuerySet[Message]) -> set[str]:
    """Let exactly those take part who wrote one of the messages or were written to, and return them."""
    spoken = messages.exclude(kind=NOTE).only("kind", "from_email", "reply_to", "to", "cc", "bcc")
    emails = {email for message in spoken.iterator() for email in _people(message)} - {"", conversation.mailbox.address}
    chosen = ChosenContact.objects.filter(conversation=conversation).select_related("contact").first()
    emails |= {normalize(chosen.contact.email)} if chosen else set()
    taking = Participant.objects.filter(conversation=conversation)
    known = set(taking.values_list("email", flat=True))
    taking.filter(email__in=known - emails).delete()
    missing = [Participant(conversation=conversation, email=email) for email in sorted(emails - known)]
    Participant.objects.bulk_create(missing, ignore_conflicts=True, batch_size=500)
    return emails


def _people(message: Message) -> Iterator[str]:
    if message.kind == IN:
        yield from (normalize(message.from_email), normalize(message.reply_to))
    for person in (*message.to, *message.cc, *message.bcc):
        yield normalize(person.get("email", ""))[:254]


def _contact(conversation: Conversation, messages: QuerySet[Message], emails: set[str]) -> int:
    """Return the customer: whom somebody chose, the same as long as they take part, or the first who wrote the rest."""
    if normalize(conversation.contact.email) in emails:
        return conversation.contact_id
    first = messages.filter(kind=IN, contact__isnull=False).order_by("pk").values_list("contact_id", flat=True).first()
    return first or conversation.contact_id
