from dataclasses import dataclass, field

from django.db import IntegrityError, transaction
from django.db.models import F

from postroom.core.accounts.models import Mailbox, User
from postroom.core.accounts.rights import rights_in
from postroom.core.conversations.actions.reply import lock, refuse_gone
from postroom.core.conversations.actions.sent_draft import DraftMoved, refuse_sent
from postroom.core.conversations.actions.trash import trash
from postroom.core.conversations.allowed import must_answer, must_write
from postroom.core.conversations.drafts import same_place
from postroom.core.conversations.models import Conversation, Draft
from postroom.core.conversations.models.message import CANCELLED
from postroom.core.conversations.state import State
from postroom.core.events.kinds import DraftDiscarded
from postroom.core.events.record import record
from postroom.lib import clock
from postroom.lib.text import one_line, storable

People = dict[str, list[dict[str, str]]]


@dataclass(frozen=True)
class Words:
    """What stands in a composer. `html` is as the editor wrote it; `people` and `files` as in the model.

    `about` is the message that is passed on or answered beside the conversation, 0 for none. `token` is the client
    token that the message will have.
    """

    mode: str
    html: str
    people: People = field(default_factory=dict)
    files: tuple[int, ...] = ()
    seen: int | None = None
    state: State | None = None
    token: str | None = None
    subject: str = ""
    about: int = 0


def save_draft(
    conversation: Conversation, *, by: User, words: Words, draft: int | None = None, version: int = 0
) -> Draft:
    """Keep what somebody is writing: a new draft, or version `version` of their `draft`; returned with its new version.

    DraftMoved when that version is not the last, DraftSent when the text was sent meanwhile, ConversationGone when the
    conversation was joined to another.
    """
    must_write(conversation.mailbox_id, by=by)
    with transaction.atomic():
        lock(conversation)
        refuse_gone(conversation)
        refuse_sent(words.token, by=by)
        return _kept(conversation, conversation.mailbox_id, by=by, words=words, draft=draft, version=version)


def save_first_mail(mailbox: Mailbox, *, by: User, words: Words, draft: int | None = None, version: int = 0) -> Draft:
    """As `save_draft`, for the first mail of a conversation that does not exist yet: each person has one at most."""
    must_answer(mailbox.pk, by=by)
    with transaction.atomic():
        refuse_sent(words.token, by=by)
        return _kept(None, mailbox.pk, by=by, words=words, draft=draft, version=version)


def _kept(
    conversation: Conversation | None, mailbox_id: int, *, by: User, words: Words, draft: int | None, version: int
) -> Draft:
    now = clock.now()
    fields: dict[str, object] = {
        "mode": words.mode,
        "subject": one_line(words.subject, length=500),
        "untrusted_html": storable(words.html),
        "people": words.people,
        "files": list(words.files),
        "seen_message_id": words.seen,
        "seen_state": {"state": str(words.state)} if words.state else {},
        "changed_at": now,
        "changed_by": by,
    }
    here = Draft.objects.filter(same_place(words.mode, about=words.about), conversation=conversation)
    if draft is None:
        mine = here.filter(author=by, shared=False).select_related("author")
        if other := mine.first():
            raise DraftMoved(other, by=by)
        place = {"conversation": conversation, "mailbox_id": mailbox_id, "author": by, "about": words.about}
        try:
            # Two windows may begin a first mail at once; there is no conversation to lock.
            with transaction.atomic():
                return Draft.objects.create(**place, **fields, created_at=now)
        except IntegrityError:
            raise DraftMoved(mine.first(), by=by) from None
    rows = here.filter(pk=draft, author=by, version=version)
    if not rows.update(**fields, mailbox_id=mailbox_id, version=F("version") + 1):
        raise DraftMoved(here.filter(pk=draft).select_related("author").first(), by=by)
    return Draft.objects.select_related("author").get(pk=draft)


def discard_draft(draft: Draft, *, by: User, with_blank: bool = False) -> bool:
    """Throw one's own draft away. False when it was gone, or somebody else has taken it over.

    `with_blank` throws its conversation away, too, where nothing is left in it: its first mail was taken back.
    """
    with transaction.atomic():
        removed, _rows = Draft.objects.filter(pk=draft.pk, author=by).delete()
        if removed and draft.shared and draft.conversation_id:
            record(DraftDiscarded(), by=by, mailbox_id=draft.mailbox_id, conversation_id=draft.conversation_id)
        blank = draft.conversation if removed and with_blank else None
        # Who may answer no more leaves it to those who may.
        if blank and _is_blank(blank) and rights_in(blank.mailbox_id, user_id=by.pk).answers:
            trash(blank, by=by)
    return bool(removed)


def _is_blank(conversation: Conversation) -> bool:
    lock(conversation)
    said = conversation.messages.exclude(delivery=CANCELLED)
    return not said.exists() and not conversation.drafts.exists()
