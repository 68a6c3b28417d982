import re

from django.db import transaction
from django.db.models import F
from django.utils.translation import gettext as _

from postroom.core.accounts.models import User
from postroom.core.conversations.actions.reply import lock
from postroom.core.conversations.actions.sent_draft import DraftMoved
from postroom.core.conversations.allowed import must_answer, must_note
from postroom.core.conversations.models import Attachment, Conversation, Draft, DraftComment
from postroom.core.events.kinds import DraftCommented, DraftKeptPrivate, DraftShared, DraftTakenOver
from postroom.core.events.kinds.kind import Kind
from postroom.core.events.record import record
from postroom.lib import clock
from postroom.lib.text import storable

_OWN_IMAGE = re.compile(r"/attachments/(\d{1,18})/")
_LONGEST_COMMENT = 2000


class SharedAlready(Exception):
    """There is one shared draft for a conversation, and it is somebody else's."""

    def __init__(self, name: str) -> None:
        words = _("%(name)s shares a draft here already. Comment on it, or take it over. Yours stays as it is.")
        super().__init__(words % {"name": name})


class AnotherDraft(Exception):
    def __init__(self) -> None:
        super().__init__(_("You have a private draft here as well. Send or discard one of the two first."))


def share(draft: Draft, *, by: User) -> bool:
    """Let everybody who sees the conversation read the draft, comment on it and take it over. False when they could."""
    conversation = _conversation(draft)
    must_note(conversation.mailbox_id, by=by)
    with transaction.atomic():
        lock(conversation)
        others = Draft.objects.filter(conversation=conversation, shared=True).exclude(pk=draft.pk)
        if other := others.select_related("author").first():
            raise SharedAlready(other.author.name)
        if not Draft.objects.filter(pk=draft.pk, author=by, shared=False).update(shared=True):
            return False
        _record(DraftShared(), draft, by=by)
    return True


def keep_private(draft: Draft, *, by: User) -> bool:
    """Let nobody else read one's own draft any more. False when it was private, or somebody took it over."""
    conversation = _conversation(draft)
    with transaction.atomic():
        lock(conversation)
        mine = Draft.objects.filter(conversation=conversation, author=by, shared=False, mode=draft.mode)
        if mine.exists():
            if draft.shared:
                raise AnotherDraft
            return False
        if not Draft.objects.filter(pk=draft.pk, author=by, shared=True).update(shared=False):
            return False
        _record(DraftKeptPrivate(), draft, by=by)
    return True


def take_over(draft: Draft, *, by: User) -> Draft:
    """Go on with a colleague's shared draft, its files included; DraftMoved when it is shared no more.

    Its former holder is told, and stopped when their window tries to save or send.
    """
    conversation = _conversation(draft)
    must_answer(conversation.mailbox_id, by=by)
    with transaction.atomic():
        lock(conversation)
        held = Draft.objects.filter(pk=draft.pk, shared=True).select_related("author").first()
        if held is None:
            raise DraftMoved(None, by=by)
        if held.author_id != by.pk:
            inside = {int(number) for number in _OWN_IMAGE.findall(held.untrusted_html)}
            files = Attachment.objects.filter(conversation=conversation, uploaded_by=held.author_id, message=None)
            files.filter(pk__in=inside | set(held.files)).update(uploaded_by=by)
            now = clock.now()
            Draft.objects.filter(pk=held.pk).update(author=by, version=F("version") + 1, changed_by=by, changed_at=now)
            _record(DraftTakenOver(holder=held.author.name, holder_id=held.author_id), draft, by=by)
        return Draft.objects.select_related("author").get(pk=held.pk)


def comment(draft: Draft, *, by: User, text: str) -> bool:
    """Say something about a shared draft before it is sent. False for nothing to say."""
    must_note(draft.mailbox_id, by=by)
    text = storable(text).strip()[:_LONGEST_COMMENT]
    if not text:
        return False
    with transaction.atomic():
        DraftComment.objects.create(draft=draft, author=by, text=text, at=clock.now())
        holder = Draft.objects.filter(pk=draft.pk).values_list("author", flat=True).first()
        _record(DraftCommented(holder_id=holder), draft, by=by)
    return True


def _conversation(draft: Draft) -> Conversation:
    assert draft.conversation is not None
    return draft.conversation


def _record(kind: Kind, draft: Draft, *, by: User) -> None:
    record(kind, by=by, mailbox_id=draft.mailbox_id, conversation_id=draft.conversation_id)
