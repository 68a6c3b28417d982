"""What the composer has to know before the first key is pressed."""

from django.conf import settings

from postroom.core.accounts.models import User
from postroom.core.conversations.actions.addressing import People, everybody
from postroom.core.conversations.drafts import held_by
from postroom.core.conversations.models import Conversation
from postroom.core.conversations.state import State
from postroom.faces.web.drafts import described
from postroom.faces.web.naming_pages import address

# Where the composer sends what is written.
_NAMES = ("replies", "notes", "uploads", "draft", "drafts", "recipients")


def addressed(conversation: Conversation) -> dict[str, object]:
    """Return whom a reply goes to by default and who else could be written to, and the state that this was found in."""
    found = everybody(conversation)
    to: People = found.to
    return {
        "customer": (to[0]["name"] or to[0]["email"]) if to else str(conversation.contact),
        "defaults": {"to": to, "cc": [], "bcc": []},
        # Nothing when there is nobody else.
        "all": {"to": to, "cc": found.cc, "bcc": []} if found.cc else {},
        "state": str(State.of(conversation)),
    }


def composing(conversation: Conversation, *, by: User) -> dict[str, object]:
    """Return the composer's addresses, ids, limits and recipients, as it reads them (JSON)."""
    held = held_by(by, conversation=conversation)
    return {
        **addressed(conversation),
        "kind": "reply",
        # Where this browser keeps it.
        "place": str(conversation.pk),
        "conversation": conversation.pk,
        "person": by.pk,
        "seen": conversation.last_message_id or 0,
        "draft": described(held, reader=by) if held else None,
        "files": [],
        "largest": settings.POSTROOM_MAX_UPLOAD_BYTES,
        "urls": {name: address(name, conversation.pk) for name in _NAMES},
    }
