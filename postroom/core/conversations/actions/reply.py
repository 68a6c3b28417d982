from collections.abc import Sequence
from datetime import datetime, timedelta

from django.conf import settings
from django.db import connection, transaction
from django.db.models import F

from postroom.core.accounts.models import User
from postroom.core.conversations.actions.addressing import checked, recipients, take_part
from postroom.core.conversations.actions.refusals import ConversationGone, EmptyReply
from postroom.core.conversations.actions.sent_draft import sent_draft
from postroom.core.conversations.actions.stale import refuse_stale
from postroom.core.conversations.actions.writing import Written, keep_files, written
from postroom.core.conversations.allowed import must_answer
from postroom.core.conversations.answered import answered_by
from postroom.core.conversations.beside import references_of
from postroom.core.conversations.models import MERGED, Attachment, Conversation, Message, NamedPerson
from postroom.core.conversations.models.message import OUT, QUEUED
from postroom.core.conversations.state import State
from postroom.core.events.kinds import ReplyQueued
from postroom.core.events.record import record
from postroom.lib import clock, message_ids, thread_index
from postroom.lib.addresses import domain
from postroom.lib.killpoint import killpoint
from postroom.lib.text import snippet


def reply(
    conversation: Conversation,
    *,
    by: User,
    html: str,
    to: Sequence[str] | None = None,
    cc: Sequence[str] = (),
    bcc: Sequence[str] = (),
    dropped: Sequence[str] = (),
    attachments: Sequence[Attachment] = (),
    seen: int | None = None,
    state: State | None = None,
    anyway: bool = False,
    client_token: str | None = None,
    send_after: datetime | None = None,
    cancel_if_answered: bool = False,
    draft: int | None = None,
) -> Message:
    """Answer the customer; the mail leaves after the undo window (or at `send_after`).

    `seen` and `state` are what the writer knew of it: if others wrote or changed it since, ConversationMoved, unless
    `anyway`.
    `dropped` are addresses that the writer took out of the recipients: no later reply names them by itself.
    `draft` is the number of the draft it was made of, which ends with it; DraftMoved when somebody took that over.
    With `cancel_if_answered` it is cancelled when the customer writes before it has left.
    A reply with a `client_token` that was taken before is the same reply: it is returned, not made again.
    Whoever answers a conversation that nobody owns takes it.
    """
    must_answer(conversation.mailbox_id, by=by)
    body = written(conversation, by=by, html=html, attachments=attachments)
    if body.empty:
        raise EmptyReply
    everyone = checked(to if to is not None else recipients(conversation), cc=cc, bcc=bcc)
    now = clock.now()
    with transaction.atomic():
        lock(conversation)
        if twin := _twin(by, client_token):
            return twin
        refuse_gone(conversation)
        if not anyway:
            refuse_stale(conversation, by=by, seen=seen, state=state, to=everyone)
        sent_draft(draft, conversation=conversation, said=body.text, by=by)
        message = _queue(conversation, by=by, body=body, client_token=client_token, now=now)
        message.to, message.cc, message.bcc = everyone
        message.cancel_if_answered = cancel_if_answered or None
        message.send_after = send_after or now + timedelta(seconds=settings.POSTROOM_UNDO_SECONDS)
        message.save()
        keep_files(body.attachments, message=message)
        take_part(conversation, [*message.to, *message.cc, *message.bcc], out=dropped, at=now)
        took = _touch(conversation, message, by=by)
        record(
            ReplyQueued(took=took),
            by=by,
            mailbox_id=conversation.mailbox_id,
            conversation_id=conversation.pk,
            message_id=message.pk,
        )
        killpoint("before_reply_commit")
    killpoint("after_reply_commit")
    return message


def lock(conversation: Conversation) -> None:
    """Hold the conversation's row until the transaction ends, so that two writers are one after the other."""
    rows = Conversation.objects.filter(pk=conversation.pk)
    # SQLite needs no row lock: the transaction holds the only write lock there is.
    list((rows.select_for_update() if connection.features.has_select_for_update else rows).values_list("pk"))


def refuse_gone(conversation: Conversation) -> None:
    """Raise ConversationGone when all its messages went to another conversation; call it with the row locked."""
    rows = Conversation.objects.filter(pk=conversation.pk, status=MERGED)
    if target := rows.values_list("merged_into_id", flat=True).first():
        raise ConversationGone(target)


def _twin(by: User, client_token: str | None) -> Message | None:
    return Message.objects.filter(author=by, client_token=client_token).first() if client_token else None


def _queue(conversation: Conversation, *, by: User, body: Written, client_token: str | None, now: datetime) -> Message:
    mailbox = conversation.mailbox
    answered = answered_by(conversation, with_id=True)
    return Message(
        conversation=conversation,
        kind=OUT,
        author=by,
        created_at=now,
        from_name=by.name,
        from_email=mailbox.address,
        subject=conversation.subject,
        text=body.text,
        untrusted_html=body.html,
        rfc_id=message_ids.make(conversation.pk, domain=domain(mailbox.address), key=settings.POSTROOM_KEY),
        in_reply_to=answered.rfc_id if answered else "",
        references=references_of(answered) if answered else "",
        thread_index=(answered.thread_index if answered else "")
        or thread_index.begin(conversation.pk, at=conversation.created_at, key=settings.POSTROOM_KEY),
        client_token=client_token,
        delivery=QUEUED,
    )


def _touch(conversation: Conversation, message: Message, *, by: User) -> bool:
    """Bring the list's copies up to date; tell whether the writer took it."""
    rows = Conversation.objects.filter(pk=conversation.pk)
    rows.update(
        last_activity_at=message.created_at,
        snippet=snippet(message.text, length=200),
        last_from=by.name[:200],
        message_count=F("message_count") + 1,
        last_message_id=message.pk,
        waiting_since=None,
    )
    if conversation.sensitive:
        # Whoever sees it for a while only (they broke the glass) does not become its owner.
        rows = rows.filter(pk__in=NamedPerson.objects.filter(user=by, until=None).values("conversation"))
    return bool(rows.filter(assignee=None, team=None).update(assignee=by))
