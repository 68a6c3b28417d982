from dataclasses import dataclass
from datetime import datetime

from django.db import transaction
from django.db.models import F, Value
from django.db.models.functions import Coalesce

from postroom.core.accounts.models import Mailbox
from postroom.core.conversations.models import (
    CLOSED,
    OPEN,
    PENDING,
    SPAM,
    Attachment,
    Contact,
    Conversation,
    Message,
    Participant,
)
from postroom.core.conversations.models.message import IN
from postroom.core.events.kinds import MessageReceived
from postroom.core.events.record import record
from postroom.lib import clock
from postroom.lib.addresses import normalize
from postroom.lib.text import one_line, snippet, storable

# Mail that a machine sent by itself wakes nobody; it is still filed and shown.
WAKES_NOBODY = ("auto", "bulk", "loop")


@dataclass(frozen=True)
class Person:
    """A name and a mail address as a mail's header gave them."""

    name: str
    email: str


@dataclass(frozen=True)
class File:
    """An attachment whose bytes lie in the blob store already."""

    name: str
    content_type: str
    size: int
    digest: str
    content_id: str = ""
    inline: bool = False


@dataclass(frozen=True)
class IncomingMessage:
    """What a channel understood of one message. `shown` is the text without quoted history, for the list's snippet."""

    sender: Person
    subject: str
    text: str
    shown: str = ""
    untrusted_html: str = ""
    to: tuple[Person, ...] = ()
    cc: tuple[Person, ...] = ()
    reply_to: Person | None = None
    rfc_id: str = ""
    in_reply_to: str = ""
    references: str = ""
    raw_digest: str = ""
    automatic: str = ""
    problems: tuple[str, ...] = ()
    files: tuple[File, ...] = ()
    sent_at: datetime | None = None
    # Why it is filed where it is, see postroom.core.conversations.evidence.
    joined_by: str = ""
    joined_detail: str = ""
    offered_id: int | None = None
    offered_by: str = ""
    thread_index: str = ""


def receive(
    *, mailbox: Mailbox, mail: IncomingMessage, conversation: Conversation | None = None, spam: bool = False
) -> Message:
    """File a customer's message in its conversation, or in a new one; a closed or pending conversation opens again."""
    now = clock.now()
    with transaction.atomic():
        contact = _contact(mail)
        started = conversation is None
        if conversation is None:
            conversation = Conversation.objects.create(
                mailbox=mailbox,
                contact=contact,
                subject=one_line(mail.subject, length=500),
                status=SPAM if spam else OPEN,
                created_at=now,
                last_activity_at=now,
            )
        message = _message(conversation, contact, mail, now=now)
        reopened = _touch(conversation, message, mail)
        _join(conversation, mail, mailbox)
        record(
            MessageReceived(email=contact.email, started=started, reopened=reopened),
            by=contact,
            mailbox_id=conversation.mailbox_id,
            conversation_id=conversation.pk,
            message_id=message.pk,
        )
    return message


def _contact(mail: IncomingMessage) -> Contact:
    email = normalize(storable(mail.sender.email))[:254] or "unknown@invalid"
    name = one_line(mail.sender.name, length=200)
    contact, made = Contact.objects.get_or_create(email=email, defaults={"name": name, "created_at": clock.now()})
    if not made and name and not contact.name:
        contact.name = name
        contact.save(update_fields=["name"])
    return contact


def _message(conversation: Conversation, contact: Contact, mail: IncomingMessage, *, now: datetime) -> Message:
    message = Message.objects.create(
        conversation=conversation,
        kind=IN,
        contact=contact,
        created_at=now,
        from_name=one_line(mail.sender.name, length=200),
        from_email=one_line(mail.sender.email, length=254),
        reply_to=one_line(mail.reply_to.email, length=254) if mail.reply_to else "",
        to=_people(mail.to),
        cc=_people(mail.cc),
        subject=one_line(mail.subject, length=500),
        text=storable(mail.text),
        untrusted_html=storable(mail.untrusted_html),
        rfc_id=_indexable(one_line(mail.rfc_id, length=998)),
        in_reply_to=storable(mail.in_reply_to),
        references=storable(mail.references),
        raw_digest=mail.raw_digest,
        automatic=mail.automatic,
        problems=list(mail.problems),
        sent_at=mail.sent_at,
        joined_by=mail.joined_by,
        joined_detail=one_line(mail.joined_detail, length=300),
        offered_id=mail.offered_id,
        offered_by=mail.offered_by,
        thread_index=mail.thread_index,
    )
    Attachment.objects.bulk_create(
        Attachment(
            conversation=conversation,
            message=message,
            name=one_line(file.name, length=255) or "file",
            content_type=one_line(file.content_type, length=120) or "application/octet-stream",
            size=file.size,
            digest=file.digest,
            content_id=one_line(file.content_id, length=255),
            inline=file.inline,
        )
        for file in mail.files
    )
    return message


def _touch(conversation: Conversation, message: Message, mail: IncomingMessage) -> bool:
    """Bring the list's copies up to date and wake the conversation; tell whether it was asleep."""
    now = message.created_at
    rows = Conversation.objects.filter(pk=conversation.pk)
    rows.update(
        last_activity_at=now,
        snippet=snippet(mail.shown or mail.text, length=200),
        last_from=(message.from_name or message.from_email)[:200],
        message_count=F("message_count") + 1,
        last_message_id=message.pk,
        waiting_since=F("waiting_since") if mail.automatic in WAKES_NOBODY else Coalesce("waiting_since", Value(now)),
        has_attachments=Value(value=True) if any(not file.inline for file in mail.files) else F("has_attachments"),
    )
    if mail.automatic in WAKES_NOBODY:
        return False
    return bool(rows.filter(status__in=(CLOSED, PENDING)).update(status=OPEN, closed_at=None))


def _join(conversation: Conversation, mail: IncomingMessage, mailbox: Mailbox) -> None:
    """Everybody on the mail takes part from now on, but for ourselves."""
    people = [mail.sender, *mail.to, *mail.cc, *([mail.reply_to] if mail.reply_to else [])]
    emails = {normalize(storable(person.email))[:254] for person in people} - {"", mailbox.address}
    Participant.objects.bulk_create(
        [Participant(conversation=conversation, email=email) for email in sorted(emails)[:200]], ignore_conflicts=True
    )


def _indexable(rfc_id: str) -> str:
    """Return the id, or nothing for one that no index takes (2,704 bytes on PostgreSQL): no mail program makes such."""
    return rfc_id if len(rfc_id.encode()) <= 2000 else ""


def _people(people: tuple[Person, ...]) -> list[dict[str, str]]:
    return [
        {"name": one_line(person.name, length=200), "email": one_line(person.email, length=254)} for person in people
    ]
