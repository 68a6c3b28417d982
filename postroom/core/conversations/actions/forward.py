"""Speak with a third party beside the conversation: pass a mail on, and go on from there. The customer sees nothing."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.conf import settings
from django.db import transaction
from django.db.models import F

from postroom.core.accounts.models import User
from postroom.core.conversations.actions.addressing import People, checked
from postroom.core.conversations.actions.refusals import EmptyReply, IsOurselves, IsTheCustomer
from postroom.core.conversations.actions.reply import lock, refuse_gone
from postroom.core.conversations.actions.sent_before import sent_before
from postroom.core.conversations.actions.sent_draft import sent_draft
from postroom.core.conversations.actions.writing import Written, keep_files, written
from postroom.core.conversations.allowed import must_answer
from postroom.core.conversations.beside import customers_of, last_beside
from postroom.core.conversations.evidence import PASSES_ON
from postroom.core.conversations.models import INFECTED, Attachment, Conversation, FileVerdict, Message, SideThread
from postroom.core.conversations.models.message import NOTE, OUT, QUEUED
from postroom.core.events.kinds import Forwarded, WrittenBeside
from postroom.core.events.record import record
from postroom.lib import clock, message_ids, thread_index
from postroom.lib.addresses import domain, normalize
from postroom.lib.text import one_line


@dataclass(frozen=True)
class Parcel:
    """What is written, and to whom; `files` are the writer's own uploads."""

    html: str
    to: Sequence[str]
    cc: Sequence[str] = ()
    bcc: Sequence[str] = ()
    files: Sequence[Attachment] = ()
    client_token: str | None = None
    # None: when the undo window is over.
    send_after: datetime | None = None
    # In a side thread only: nobody can answer first what passes a mail on.
    cancel_if_answered: bool = False
    # The number of the draft that it was made of, which ends with it.
    draft: int | None = None


def forward(
    message: Message, parcel: Parcel, *, by: User, subject: str = "", only: Collection[int] | None = None
) -> Message:
    """Pass a whole mail on, quoted with its head and with its files, and so begin a side thread.

    `only` are the ids of those of its files that go along; None for all. A note is not passed on (EmptyReply). To
    somebody who speaks as the customer it is refused: IsTheCustomer. A second click finds the first by its token.
    """
    must_answer(message.conversation.mailbox_id, by=by)
    if message.kind == NOTE or message.retracted_at is not None:
        raise EmptyReply
    conversation = message.conversation
    body, everyone = _ready(conversation, parcel, by=by)
    with transaction.atomic():
        lock(conversation)
        if twin := sent_before(parcel.client_token, by=by):
            return twin
        refuse_gone(conversation)
        sent_draft(parcel.draft, conversation=conversation, said=body.text, by=by, about=("forward", message.pk))
        shown = one_line(subject, length=500) or f"Fwd: {message.subject or conversation.subject}"[:500]
        people = [*everyone[0], *everyone[1]]
        side = SideThread.objects.create(
            conversation=conversation, subject=shown, people=people, by=by, created_at=clock.now()
        )
        made = _message(side, parcel, by=by, everyone=everyone)
        made.subject, made.text, made.untrusted_html = shown, body.text, body.html
        made.joined_by, made.joined_detail = PASSES_ON, str(message.pk)
        made.save()
        _take_along(message, made, only=only)
        _kept(made, body, by=by, kind=Forwarded())
    return made


def write_beside(side: SideThread, parcel: Parcel, *, by: User, about: int = 0) -> Message:
    """Go on in a side thread, below its message `about`; refusals as for `forward`."""
    conversation = side.conversation
    must_answer(conversation.mailbox_id, by=by)
    body, everyone = _ready(conversation, parcel, by=by)
    if body.empty:
        raise EmptyReply
    with transaction.atomic():
        lock(conversation)
        if twin := sent_before(parcel.client_token, by=by):
            return twin
        refuse_gone(conversation)
        sent_draft(parcel.draft, conversation=conversation, said=body.text, by=by, about=("beside", about))
        made = _message(side, parcel, by=by, everyone=everyone)
        made.subject, made.text, made.untrusted_html = side.subject, body.text, body.html
        made.cancel_if_answered = parcel.cancel_if_answered or None
        if answered := last_beside(side):
            made.in_reply_to = answered.rfc_id
            made.references = f"{answered.references} {answered.rfc_id}".strip()
        made.save()
        # Whom it went to last is whom it goes to next.
        SideThread.objects.filter(pk=side.pk).update(people=[*everyone[0], *everyone[1]])
        _kept(made, body, by=by, kind=WrittenBeside())
    return made


def _ready(conversation: Conversation, parcel: Parcel, *, by: User) -> tuple[Written, tuple[People, People, People]]:
    body = written(conversation, by=by, html=parcel.html, attachments=parcel.files)
    everyone = checked(parcel.to, cc=parcel.cc, bcc=parcel.bcc)
    customers = customers_of(conversation.pk)
    for person in (*everyone[0], *everyone[1], *everyone[2]):
        if normalize(person["email"]) in customers:
            raise IsTheCustomer(person["email"])
        if normalize(person["email"]) == normalize(conversation.mailbox.address):
            raise IsOurselves(person["email"])
    return body, everyone


def _message(side: SideThread, parcel: Parcel, *, by: User, everyone: tuple[People, People, People]) -> Message:
    conversation, now, key = side.conversation, clock.now(), settings.POSTROOM_KEY
    mailbox = conversation.mailbox
    to, cc, bcc = everyone
    return Message(
        conversation=conversation,
        side_thread=side,
        kind=OUT,
        author=by,
        created_at=now,
        from_name=by.name,
        from_email=mailbox.address,
        to=to,
        cc=cc,
        bcc=bcc,
        rfc_id=message_ids.make(conversation.pk, side=side.pk, domain=domain(mailbox.address), key=key),
        thread_index=thread_index.begin(conversation.pk, side=side.pk, at=side.created_at, key=key),
        client_token=parcel.client_token,
        delivery=QUEUED,
        send_after=parcel.send_after or now + timedelta(seconds=settings.POSTROOM_UNDO_SECONDS),
    )


def _take_along(message: Message, made: Message, *, only: Collection[int] | None) -> None:
    """Let the mail's own files go with it: the same bytes once more. None in which a virus was found."""
    files = message.attachments.exclude(digest__in=FileVerdict.objects.filter(state=INFECTED).values("digest"))
    Attachment.objects.bulk_create(
        Attachment(
            conversation_id=made.conversation_id,
            message=made,
            name=file.name,
            content_type=file.content_type,
            size=file.size,
            digest=file.digest,
            content_id=file.content_id,
            inline=file.inline,
            created_at=made.created_at,
        )
        for file in files.order_by("pk")
        # What stands in its text is a part of the text.
        if only is None or file.pk in only or file.inline
    )


def _kept(made: Message, body: Written, *, by: User, kind: Forwarded | WrittenBeside) -> None:
    """Bind the files, show it in the list, and say so. Neither the customer's clock nor the owner changes."""
    keep_files(body.attachments, message=made)
    Conversation.objects.filter(pk=made.conversation_id).update(
        message_count=F("message_count") + 1, last_message_id=made.pk, last_activity_at=made.created_at
    )
    record(
        kind,
        by=by,
        mailbox_id=made.conversation.mailbox_id,
        conversation_id=made.conversation_id,
        message_id=made.pk,
    )
