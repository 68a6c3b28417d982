"""Images that stand in a text but belong to another message: a copy goes along, so that the reader sees them too."""

import re

from django.http import Http404, HttpRequest

from postroom.core.conversations.actions.reuse import reuse
from postroom.core.conversations.models import Attachment, Conversation
from postroom.faces.web import files
from postroom.faces.web.access import person
from postroom.faces.web.visible import attachment_or_404
from postroom.lib.html import rewrite_images

_OURS = re.compile(r"^(?:https?://[^/]+)?/attachments/(\d{1,18})(?:/|$)")


def adopted(html: str, *, request: HttpRequest, conversation: Conversation | None) -> str:
    """Return the HTML with each image that was copied from another message pointing at this writer's own copy.

    Without a conversation the copies wait for the first mail of one.
    """
    copies: dict[int, str] = {}

    def own(source: str) -> str | None:
        found = _OURS.match(source)
        if not found:
            return None
        number = int(found[1])
        if number not in copies and (file := _borrowed(request, conversation, number)):
            copies[number] = files.address(reuse(file, conversation=conversation, by=person(request), inline=True))
        return copies.get(number)

    return rewrite_images(html, own)


def _borrowed(request: HttpRequest, conversation: Conversation | None, number: int) -> Attachment | None:
    """Return the image if it is not this writer's own waiting upload here, and they may see it."""
    try:
        file = attachment_or_404(request, number)
    except Http404:
        return None
    here = conversation.pk if conversation else None
    waiting_here = file.message_id is None and file.conversation_id == here and file.inline
    return None if waiting_here or file.content_type not in files.SHOWN_INLINE else file
