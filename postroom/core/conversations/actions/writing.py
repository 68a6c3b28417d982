"""What an agent wrote, made ready to be stored: cleaned, its own images by Content-ID, a text beside it."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from postroom.core.accounts.models import User
from postroom.core.conversations.models import Attachment, Conversation, Message
from postroom.lib.html import rewrite_images, sanitize, to_text
from postroom.lib.text import storable

_OWN_IMAGE = re.compile(r"^(?:https?://[^/]+)?/attachments/(\d{1,18})(?:/|$)")
_NAMED = re.compile(r"/attachments/(\d{1,18})(?=/)")
_IMAGE_LEFT = re.compile(r"<img\b", re.IGNORECASE)


@dataclass(frozen=True)
class Written:
    """A cleaned body: `html` with `cid:` images, `text` for the plain part, and the files that go with it."""

    html: str
    text: str
    attachments: tuple[Attachment, ...]

    @property
    def empty(self) -> bool:
        return not (self.text.strip() or self.attachments or _IMAGE_LEFT.search(self.html))


def written(
    conversation: Conversation,
    *,
    by: User,
    html: str,
    attachments: Sequence[Attachment],
    message: Message | None = None,
) -> Written:
    """Clean what the editor sent; files that are not this writer's, or not of this conversation, are left out.

    `message` is the one being changed: its own images stay in it.
    """
    here = Attachment.objects.filter(conversation=conversation)
    own = {file.pk: file for file in here.filter(uploaded_by=by, message=None)}
    if message is not None:
        own |= {file.pk: file for file in here.filter(message=message)}
    inside: dict[int, Attachment] = {}

    def by_content_id(source: str) -> str | None:
        found = _OWN_IMAGE.match(source)
        file = own.get(int(found[1])) if found else None
        if file is None or not file.content_id:
            return source
        inside[file.pk] = file
        return f"cid:{file.content_id}"

    cleaned = sanitize(rewrite_images(storable(html), by_content_id))
    named = {file.pk: own[file.pk] for file in attachments if file.pk in own and not file.inline}
    return Written(html=cleaned, text=to_text(cleaned), attachments=tuple({**named, **inside}.values()))


def bring_in(conversation: Conversation, *, by: User, html: str, files: Sequence[Attachment]) -> None:
    """Give what waited for the first mail of this conversation to it: its files, and the images in its text."""
    named = {file.pk for file in files} | {int(number) for number in _NAMED.findall(html)}
    waiting = Attachment.objects.filter(conversation=None, message=None, uploaded_by=by, pk__in=named)
    waiting.update(conversation=conversation)


def keep_files(attachments: Sequence[Attachment], *, message: Message) -> None:
    """Bind the uploads to the message they go with."""
    Attachment.objects.filter(pk__in=[file.pk for file in attachments], message=None).update(message=message)
