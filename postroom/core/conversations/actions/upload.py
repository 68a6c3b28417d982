import re
import secrets

from django.conf import settings
from django.utils.translation import gettext as _

from postroom.core.accounts.models import User
from postroom.core.conversations.allowed import must_write
from postroom.core.conversations.models import Attachment, Conversation
from postroom.core.storage import blobs
from postroom.lib.text import one_line

_UNSAFE = re.compile(r'[\x00-\x1f\x7f/\\:*?"<>|\u200e\u200f\u202a-\u202e\u2066-\u2069]')


class TooLarge(Exception):
    """A file is larger than the mail servers of most customers accept."""

    def __init__(self, name: str) -> None:
        super().__init__(
            _("%(name)s is larger than %(limit)s MB, more than most mail servers take. Your text is safe.")
            % {"name": name, "limit": settings.POSTROOM_MAX_UPLOAD_BYTES // 1_048_576}
        )


def attach(
    conversation: Conversation | None, *, by: User, name: str, content_type: str, data: bytes, inline: bool = False
) -> Attachment:
    """Keep a file for this person's next mail or note here; OSError when the disk refuses it.

    Without a conversation it waits for the first mail of one, and is asked for nothing until that is sent.
    """
    if conversation is not None:
        must_write(conversation.mailbox_id, by=by)
    name = safe_name(name)
    if len(data) > settings.POSTROOM_MAX_UPLOAD_BYTES:
        raise TooLarge(name)
    return Attachment.objects.create(
        conversation=conversation,
        uploaded_by=by,
        name=name,
        content_type=one_line(content_type, length=120) or "application/octet-stream",
        size=len(data),
        digest=blobs().put(data),
        content_id=f"{secrets.token_hex(10)}@postroom" if inline else "",
        inline=inline,
    )


def detach(attachment: Attachment, *, by: User) -> bool:
    """Forget a file that was uploaded and not sent yet. False when it was sent, or is somebody else's."""
    removed, _rows = Attachment.objects.filter(pk=attachment.pk, message=None, uploaded_by=by).delete()
    return bool(removed)


def safe_name(name: str) -> str:
    """Return a file name without paths, control characters or text-direction tricks, at most 200 characters."""
    cleaned = _UNSAFE.sub("_", one_line(name, length=1000)).strip(" .")
    if len(cleaned) > 200:
        stem, dot, ending = cleaned.rpartition(".")
        cleaned = f"{stem[: 199 - len(ending)]}.{ending}" if dot and len(ending) <= 12 else cleaned[:200]
    return cleaned or "file"
