import secrets

from postroom.core.accounts.models import User
from postroom.core.conversations.allowed import must_write
from postroom.core.conversations.models import Attachment, Conversation


def reuse(file: Attachment, *, conversation: Conversation | None, by: User, inline: bool) -> Attachment:
    """Keep the same bytes once more for this person's next message: a taken-back reply's file, a copied image.

    Without a conversation it waits for the first mail of one.
    """
    if conversation is not None:
        must_write(conversation.mailbox_id, by=by)
    return Attachment.objects.create(
        conversation=conversation,
        uploaded_by=by,
        name=file.name,
        content_type=file.content_type,
        size=file.size,
        digest=file.digest,
        content_id=f"{secrets.token_hex(10)}@postroom" if inline else "",
        inline=inline,
    )
