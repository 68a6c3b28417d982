"""A conversation in words that other programs read (JSON): who, when, what was said, and what happened."""

from datetime import datetime
from typing import Any

from postroom.channels.mail.models import IncomingMail
from postroom.core.accounts.models import Mailbox, User
from postroom.core.conversations.models import PRIORITIES, Attachment, Contact, Conversation, Message
from postroom.core.events.models import Event

# Counted up when a reader of the older shape would not understand the newer.
VERSION = 1


def mailbox_as_json(mailbox: Mailbox, *, at: datetime) -> dict[str, Any]:
    """Return what the mailbox is; passwords and keys are not part of it."""
    return {
        "format": "postroom mailbox",
        "version": VERSION,
        "written_at": at.isoformat(),
        "name": mailbox.name,
        "address": mailbox.address,
        "from_name": mailbox.from_name,
        "signature": mailbox.signature,
        "people": [{"name": one.name, "email": one.email} for one in mailbox.members.order_by("pk")],
    }


def conversation_as_json(conversation: Conversation) -> dict[str, Any]:
    """Return what the conversation is, without its messages and events."""
    return {
        "number": conversation.pk,
        "subject": conversation.subject,
        "status": conversation.status,
        "owner": _person(conversation.assignee),
        "team": conversation.team.name if conversation.team else None,
        "tags": sorted(tag.name for tag in conversation.tags.all()),
        "priority": PRIORITIES.get(conversation.priority, str(conversation.priority)),
        "contact": {"name": conversation.contact.name, "email": conversation.contact.email},
        "participants": sorted(one.email for one in conversation.participants.all()),
        "created_at": _moment(conversation.created_at),
        "closed_at": _moment(conversation.closed_at),
        "last_activity_at": _moment(conversation.last_activity_at),
        "waiting_since": _moment(conversation.waiting_since),
        "merged_into": conversation.merged_into_id,
    }


def message_as_json(message: Message, *, file: str | None, attachments: dict[int, str]) -> dict[str, Any]:
    """Return one message; `file` is the mail beside it, `attachments` the files by id that are in no mail."""
    return {
        "id": message.pk,
        "kind": message.kind,
        "file": file,
        "author": _person(message.author),
        "from": {"name": message.from_name, "email": message.from_email},
        "reply_to": message.reply_to,
        "to": message.to,
        "cc": message.cc,
        "bcc": message.bcc,
        "subject": message.subject,
        # A note that was taken back says nothing any more.
        "text": "" if message.retracted_at else message.text,
        "html": message.untrusted_html if file is None and not message.retracted_at else None,
        "created_at": _moment(message.created_at),
        "sent_at": _moment(message.sent_at),
        "edited_at": _moment(message.edited_at),
        "retracted_at": _moment(message.retracted_at),
        "message_id": message.rfc_id,
        "in_reply_to": message.in_reply_to,
        "references": message.references,
        "automatic": message.automatic,
        "joined_by": message.joined_by,
        # Not said to the customer, nor by them: which side thread it belongs to.
        "side_thread": message.side_thread_id,
        "problems": message.problems,
        "attachments": [_attachment(one, attachments.get(one.pk)) for one in message.attachments.all()],
        "delivery": {
            "state": message.delivery,
            "words": message.delivery_words,
            "recipients": [
                {
                    "email": one.email,
                    "state": one.state,
                    "status": one.status,
                    "words": one.words,
                    "at": _moment(one.at),
                }
                for one in message.deliveries.all()
            ],
        },
    }


class Actors:
    """Who did what in one conversation, each asked for once."""

    def __init__(self) -> None:
        self._known: dict[tuple[str, int], dict[str, str]] = {}

    def of(self, event: Event) -> dict[str, str]:
        """Return name and address of the one who did it, where they are still known."""
        if event.actor_id is None:
            return {}
        key = (event.actor_kind, event.actor_id)
        if key not in self._known:
            self._known[key] = _found(*key)
        return self._known[key]


def event_as_json(event: Event, *, actors: Actors) -> dict[str, Any]:
    """Return one thing that happened."""
    return {
        "at": _moment(event.at),
        "kind": event.kind,
        "by": {"kind": event.actor_kind, **actors.of(event)},
        "message": event.message_id,
        "data": event.data,
    }


def outside_as_json(mail: IncomingMail, *, file: str | None) -> dict[str, Any]:
    """Return what became of a mail that is no conversation's."""
    return {
        "number": mail.pk,
        "file": file,
        "state": mail.state,
        "reason": mail.reason,
        "problem": mail.problem,
        "way": mail.transport,
        "received_at": _moment(mail.received_at),
        "envelope_from": mail.envelope_from,
        "envelope_to": mail.envelope_to,
        "size": mail.size,
        "sha256": mail.digest,
        "conversation": mail.conversation_id,
        "message": mail.message_id,
        "duplicate_of": mail.duplicate_of_id,
    }


def _found(kind: str, pk: int) -> dict[str, str]:
    known: User | Contact | None = None
    if kind == "user":
        known = User.objects.filter(pk=pk).first()
    elif kind == "contact":
        known = Contact.objects.filter(pk=pk).first()
    return {"name": known.name, "email": known.email} if known else {}


def _person(user: User | None) -> dict[str, str] | None:
    return {"name": user.name, "email": user.email} if user else None


def _moment(at: datetime | None) -> str | None:
    return at.isoformat() if at else None


def _attachment(file: Attachment, path: str | None) -> dict[str, Any]:
    return {
        "name": file.name,
        "type": file.content_type,
        "size": file.size,
        "sha256": file.digest,
        "inline": file.inline,
        "file": path,
    }
