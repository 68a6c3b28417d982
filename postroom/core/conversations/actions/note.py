from collections.abc import Sequence

from django.db import transaction
from django.db.models import F

from postroom.core.accounts.models import User
from postroom.core.conversations.actions.mention import mention
from postroom.core.conversations.actions.refusals import EmptyReply
from postroom.core.conversations.actions.reply import lock, refuse_gone
from postroom.core.conversations.actions.sent_draft import sent_draft
from postroom.core.conversations.actions.writing import keep_files, written
from postroom.core.conversations.allowed import must_note
from postroom.core.conversations.models import Attachment, Conversation, Message
from postroom.core.conversations.models.message import NOTE
from postroom.core.events.kinds import NoteAdded
from postroom.core.events.record import record
from postroom.lib import clock


def add_note(
    conversation: Conversation,
    *,
    by: User,
    html: str,
    attachments: Sequence[Attachment] = (),
    client_token: str | None = None,
    draft: int | None = None,
) -> Message:
    """Write something for colleagues; it is never sent, and changes neither status nor clock nor owner."""
    must_note(conversation.mailbox_id, by=by)
    body = written(conversation, by=by, html=html, attachments=attachments)
    if body.empty:
        raise EmptyReply
    with transaction.atomic():
        lock(conversation)
        if client_token and (twin := Message.objects.filter(author=by, client_token=client_token).first()):
            return twin
        refuse_gone(conversation)
        sent_draft(draft, conversation=conversation, said=body.text, by=by)
        message = Message.objects.create(
            conversation=conversation,
            kind=NOTE,
            author=by,
            created_at=clock.now(),
            from_name=by.name,
            text=body.text,
            untrusted_html=body.html,
            client_token=client_token,
        )
        keep_files(body.attachments, message=message)
        Conversation.objects.filter(pk=conversation.pk).update(
            message_count=F("message_count") + 1, last_message_id=message.pk, last_activity_at=message.created_at
        )
        mention(message)
        record(
            NoteAdded(),
            by=by,
            mailbox_id=conversation.mailbox_id,
            conversation_id=conversation.pk,
            message_id=message.pk,
        )
    return message
