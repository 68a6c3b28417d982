"""What the composer has to know before the first key is pressed."""

from django.conf import settings
from django.urls import reverse

from postroom.core.accounts.models import Mailbox, User
from postroom.core.conversations.actions.addressing import People, recipients
from postroom.core.conversations.models import Conversation, Message
from postroom.core.conversations.models.message import IN

Recipients = dict[str, People]


def composing(conversation: Conversation, *, by: User) -> dict[str, object]:
    """Return the composer's addresses, ids, limits and recipients, as it reads them (JSON)."""
    last = conversation.messages.filter(kind=IN).order_by("-pk").first()
    to = _usual(conversation, last)
    return {
        "conversation": conversation.pk,
        "person": by.pk,
        "customer": to[0]["name"] or to[0]["email"],
        "seen": conversation.last_message_id or 0,
        "defaults": {"to": to, "cc": [], "bcc": []},
        "all": _everybody(conversation, last, to=to),
        "largest": settings.POSTROOM_MAX_UPLOAD_BYTES,
        "urls": {name: reverse(name, args=[conversation.pk]) for name in ("replies", "notes", "uploads")},
    }


def _usual(conversation: Conversation, last: Message | None) -> People:
    """Name whom the reply goes to, as the verb decides it."""
    names = {conversation.contact.email: conversation.contact.name}
    if last is not None:
        names[last.from_email] = last.from_name
    return [{"name": names.get(email, ""), "email": email} for email in recipients(conversation)]


def _everybody(conversation: Conversation, last: Message | None, *, to: People) -> Recipients:
    """Add those whom the customer's mail also went to, but for ourselves; nothing when there is nobody else."""
    if last is None:
        return {}
    ours = set(Mailbox.objects.values_list("address", flat=True)) | {conversation.mailbox.address}
    met = {person["email"].lower() for person in to} | {address.lower() for address in ours}
    others: People = []
    for person in [*last.to, *last.cc]:
        if person["email"] and person["email"].lower() not in met:
            met.add(person["email"].lower())
            others.append(person)
    return {"to": to, "cc": others[:100], "bcc": []} if others else {}
