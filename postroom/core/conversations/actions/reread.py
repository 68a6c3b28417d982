from typing import Any

from django.db import transaction

from postroom.core.conversations.incoming import File, IncomingMessage, Person
from postroom.core.conversations.models import Attachment, Contact, Conversation, Message
from postroom.core.conversations.models.conversation import Participant
from postroom.core.events.actor import SYSTEM
from postroom.core.events.kinds import MailUnderstood
from postroom.core.events.record import record
from postroom.lib import clock
from postroom.lib.addresses import normalize
from postroom.lib.text import one_line, snippet, storable


def reread(message: Message, *, mail: IncomingMessage, mail_id: int) -> None:
    """Let a message that could not be read say what its mail says after all; it stays in its conversation.

    Notes and replies beside it are untouched. `mail_id` is the mail's row of the ledger.
    """
    with transaction.atomic():
        contact = _contact(mail.sender)
        Message.objects.filter(pk=message.pk).update(contact=contact, **_columns(mail))
        message.attachments.all().delete()
        Attachment.objects.bulk_create(_attachment(message, file) for file in mail.files)
        _list(message, mail, contact=contact)
        people = (mail.sender, *mail.to, *mail.cc)
        emails = {_address(one) for one in people} - {"", message.conversation.mailbox.address}
        Participant.objects.bulk_create(
            [Participant(conversation_id=message.conversation_id, email=email) for email in sorted(emails)[:200]],
            ignore_conflicts=True,
        )
        record(
            MailUnderstood(mail_id=mail_id),
            by=SYSTEM,
            mailbox_id=message.conversation.mailbox_id,
            conversation_id=message.conversation_id,
            message_id=message.pk,
        )


def _list(message: Message, mail: IncomingMessage, *, contact: Contact) -> None:
    """Bring what the list shows of the message up to date."""
    row = Conversation.objects.filter(pk=message.conversation_id)
    changes: dict[str, Any] = {}
    if not message.conversation.subject:
        changes["subject"] = one_line(mail.subject, length=500)
    if message.conversation.last_message_id == message.pk:
        changes["snippet"] = snippet(mail.shown or mail.text, length=200)
        changes["last_from"] = (one_line(mail.sender.name, length=200) or contact.email)[:200]
    if not Message.objects.filter(conversation=message.conversation_id, pk__lt=message.pk).exists():
        changes["contact"] = contact
    visible = Attachment.objects.filter(message__conversation=message.conversation_id, inline=False)
    row.update(has_attachments=visible.exists(), **changes)


def _columns(mail: IncomingMessage) -> dict[str, Any]:
    rfc_id = one_line(mail.rfc_id, length=998)
    return {
        "from_name": one_line(mail.sender.name, length=200),
        "from_email": one_line(mail.sender.email, length=254),
        "reply_to": one_line(mail.reply_to.email, length=254) if mail.reply_to else "",
        "to": _people(mail.to),
        "cc": _people(mail.cc),
        "subject": one_line(mail.subject, length=500),
        "text": storable(mail.text),
        "untrusted_html": storable(mail.untrusted_html),
        # Longer ones fit no index, see receive.py.
        "rfc_id": rfc_id if len(rfc_id.encode()) <= 2000 else "",
        "in_reply_to": storable(mail.in_reply_to),
        "references": storable(mail.references),
        "automatic": mail.automatic,
        "problems": list(mail.problems),
        "sent_at": mail.sent_at,
        "thread_index": mail.thread_index,
        "protection": mail.protection or {},
    }


def _contact(person: Person) -> Contact:
    name = one_line(person.name, length=200)
    email = _address(person) or "unknown@invalid"
    contact, made = Contact.objects.get_or_create(email=email, defaults={"name": name, "created_at": clock.now()})
    if not made and name and not contact.name:
        contact.name = name
        contact.save(update_fields=["name"])
    return contact


def _attachment(message: Message, file: File) -> Attachment:
    return Attachment(
        conversation_id=message.conversation_id,
        message=message,
        name=one_line(file.name, length=255) or "file",
        content_type=one_line(file.content_type, length=120) or "application/octet-stream",
        size=file.size,
        digest=file.digest,
        content_id=one_line(file.content_id, length=255),
        inline=file.inline,
    )


def _address(person: Person) -> str:
    return normalize(storable(person.email))[:254]


def _people(people: tuple[Person, ...]) -> list[dict[str, str]]:
    return [{"name": one_line(one.name, length=200), "email": one_line(one.email, length=254)} for one in people]
