from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction

from postroom.core.accounts.models import Mailbox, User
from postroom.core.conversations.actions.addressing import checked
from postroom.core.conversations.actions.mailbox_naming import named_by_mailbox
from postroom.core.conversations.actions.refusals import IsOurselves, NoRecipient
from postroom.core.conversations.actions.reply import reply
from postroom.core.conversations.actions.sent_before import sent_before
from postroom.core.conversations.actions.sent_draft import sent_draft
from postroom.core.conversations.actions.upload import attach
from postroom.core.conversations.actions.writing import bring_in
from postroom.core.conversations.allowed import must_answer
from postroom.core.conversations.drafts import FIRST
from postroom.core.conversations.models import Attachment, Contact, Conversation, Message, NamedPerson
from postroom.core.events.kinds import Begun
from postroom.core.events.record import record
from postroom.lib import clock
from postroom.lib.addresses import normalize
from postroom.lib.html import sanitize, to_text
from postroom.lib.text import one_line


@dataclass(frozen=True)
class NewFile:
    """A file that goes along, its bytes as they were uploaded."""

    name: str
    content_type: str
    data: bytes


@dataclass(frozen=True)
class FirstMail:
    """The mail that begins a conversation; who stands first in `to` is whom it is with.

    `files` come with it; `uploads` are the writer's own that waited for it.
    """

    subject: str
    html: str
    to: Sequence[str]
    cc: Sequence[str] = ()
    bcc: Sequence[str] = ()
    files: Sequence[NewFile] = ()
    uploads: Sequence[Attachment] = ()
    client_token: str | None = None
    # None: when the undo window is over.
    send_after: datetime | None = None
    # The number of the draft that it was made of, which ends with it.
    draft: int | None = None


def begin(mailbox: Mailbox, mail: FirstMail, *, by: User) -> Message:
    """Begin a conversation by writing first, and return its mail; it is open and its writer's.

    Refused as a reply is (ReplyRefused, DraftMoved); TooLarge for a file. A second click finds the first by its token.
    """
    must_answer(mailbox.pk, by=by)
    to, _cc, _bcc = checked(mail.to, cc=mail.cc, bcc=mail.bcc)
    if not to:
        raise NoRecipient
    for person in (*to, *_cc, *_bcc):
        if normalize(person["email"]) == normalize(mailbox.address):
            raise IsOurselves(person["email"])
    with transaction.atomic():
        if twin := sent_before(mail.client_token, by=by):
            return twin
        sent_draft(mail.draft, conversation=None, said=to_text(sanitize(mail.html)), by=by, about=(FIRST, 0))
        conversation = _conversation(mailbox, to[0], subject=mail.subject, by=by)
        bring_in(conversation, by=by, html=mail.html, files=mail.uploads)
        files = [
            attach(conversation, by=by, name=file.name, content_type=file.content_type, data=file.data)
            for file in mail.files
        ]
        record(Begun(), by=by, mailbox_id=mailbox.pk, conversation_id=conversation.pk)
        return reply(
            conversation,
            by=by,
            html=mail.html,
            to=mail.to,
            cc=mail.cc,
            bcc=mail.bcc,
            attachments=[*files, *mail.uploads],
            client_token=mail.client_token,
            send_after=mail.send_after,
        )


def _conversation(mailbox: Mailbox, first: dict[str, str], *, subject: str, by: User) -> Conversation:
    now = clock.now()
    email = normalize(first["email"])
    contact, _made = Contact.objects.get_or_create(email=email, defaults={"name": first["name"], "created_at": now})
    conversation = Conversation.objects.create(
        mailbox=mailbox,
        contact=contact,
        subject=one_line(subject, length=500),
        created_at=now,
        last_activity_at=now,
    )
    if named_by_mailbox(conversation):
        # Whoever wrote it knows what it says.
        NamedPerson.objects.get_or_create(conversation=conversation, user=by, defaults={"by": by})
    return conversation
