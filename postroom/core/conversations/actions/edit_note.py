from django.db import transaction
from django.utils.translation import gettext as _

from postroom.core.accounts.models import User
from postroom.core.conversations.actions.mention import mention
from postroom.core.conversations.actions.writing import keep_files, written
from postroom.core.conversations.allowed import must_note
from postroom.core.conversations.models import Mention, Message
from postroom.core.conversations.models.message import NOTE
from postroom.core.conversations.models.note_version import NoteVersion
from postroom.core.events.kinds import Kind, NoteChanged, NoteRestored, NoteRetracted
from postroom.core.events.record import record
from postroom.lib import clock


class NoteRefused(Exception):
    """Nothing was changed; the text says why, for the person who asked."""


class NotTheirs(NoteRefused):
    def __init__(self, writer: str) -> None:
        words = _("Only %(writer)s can change this note. Nothing was changed. Write a note of your own.")
        super().__init__(words % {"writer": writer})


class NoNote(NoteRefused):
    def __init__(self) -> None:
        super().__init__(_("Only a note can be changed. What was said to a customer stays as they got it."))


class NothingLeft(NoteRefused):
    def __init__(self) -> None:
        super().__init__(_("There would be nothing left of this note. Nothing was changed. Take it back instead."))


class Retracted(NoteRefused):
    def __init__(self) -> None:
        super().__init__(_("This note was taken back. Nothing was changed. Restore it first."))


def edit_note(message: Message, *, html: str, by: User) -> bool:
    """Let a note say something else, and keep what it said (NoteVersion). NoteRefused; False when it says so already.

    Its files stay with it; `html` is what the editor holds.
    """
    _refuse(message, by=by)
    body = written(message.conversation, by=by, html=html, attachments=(), message=message)
    if body.empty and not message.attachments.exists():
        raise NothingLeft
    with transaction.atomic():
        now = Message.objects.select_for_update(of=("self",), no_key=True).get(pk=message.pk)
        if now.retracted_at:
            raise Retracted
        if now.untrusted_html == body.html:
            return False
        at = clock.now()
        NoteVersion.objects.create(message=now, text=now.text, untrusted_html=now.untrusted_html, by=by, at=at)
        Message.objects.filter(pk=now.pk).update(text=body.text, untrusted_html=body.html, edited_at=at)
        message.text, message.untrusted_html, message.edited_at = body.text, body.html, at
        keep_files(body.attachments, message=message)
        _record(NoteChanged(named=_newly_named(message)), message, by=by)
    return True


def _newly_named(message: Message) -> tuple[int, ...]:
    """Let it mention whom it names now, and return whom it did not name before."""
    before = set(Mention.objects.filter(message=message).values_list("user_id", flat=True))
    return tuple(sorted({one.pk for one in mention(message)} - before))


def retract_note(message: Message, *, by: User) -> bool:
    """Take a note back: a quiet line stays, and nobody reads its words or opens its files any more.

    Its opposite is `restore_note`. NoteRefused; False when it was taken back before.
    """
    _refuse(message, by=by)
    with transaction.atomic():
        at = clock.now()
        if not Message.objects.filter(pk=message.pk, retracted_at=None).update(retracted_at=at):
            return False
        message.retracted_at = at
        _record(NoteRetracted(), message, by=by)
    return True


def restore_note(message: Message, *, by: User) -> bool:
    """Let a note be read again that its writer took back. NoteRefused; False when it was not."""
    _refuse(message, by=by)
    with transaction.atomic():
        if not Message.objects.filter(pk=message.pk, retracted_at__isnull=False).update(retracted_at=None):
            return False
        message.retracted_at = None
        _record(NoteRestored(), message, by=by)
    return True


def _refuse(message: Message, *, by: User) -> None:
    must_note(message.conversation.mailbox_id, by=by)
    if message.kind != NOTE:
        raise NoNote
    if message.author_id != by.pk:
        raise NotTheirs(message.author.name if message.author else message.from_name)


def _record(kind: Kind, message: Message, *, by: User) -> None:
    record(
        kind,
        by=by,
        mailbox_id=message.conversation.mailbox_id,
        conversation_id=message.conversation_id,
        message_id=message.pk,
    )
