from dataclasses import dataclass, field

from django.db import transaction
from django.db.models import F

from postroom.core.accounts.models import User
from postroom.core.conversations.actions.reply import lock, refuse_gone
from postroom.core.conversations.actions.sent_draft import DraftMoved, refuse_sent
from postroom.core.conversations.allowed import must_write
from postroom.core.conversations.drafts import WRITTEN_HERE
from postroom.core.conversations.models import Conversation, Draft
from postroom.core.conversations.state import State
from postroom.core.events.kinds import DraftDiscarded
from postroom.core.events.record import record
from postroom.lib import clock
from postroom.lib.text import storable

People = dict[str, list[dict[str, str]]]


@dataclass(frozen=True)
class Words:
    """What stands in a composer. `html` is as the editor wrote it; `people` and `files` as in the model.

    `token` is the client token that the message will have.
    """

    mode: str
    html: str
    people: People = field(default_factory=dict)
    files: tuple[int, ...] = ()
    seen: int | None = None
    state: State | None = None
    token: str | None = None


def save_draft(
    conversation: Conversation, *, by: User, words: Words, draft: int | None = None, version: int = 0
) -> Draft:
    """Keep what somebody is writing: a new draft, or version `version` of their `draft`; returned with its new version.

    DraftMoved when that version is not the last, DraftSent when the text was sent meanwhile, ConversationGone when the
    conversation was joined to another.
    """
    must_write(conversation.mailbox_id, by=by)
    now = clock.now()
    fields: dict[str, object] = {
        "mode": words.mode,
        "untrusted_html": storable(words.html),
        "people": words.people,
        "files": list(words.files),
        "seen_message_id": words.seen,
        "seen_state": {"state": str(words.state)} if words.state else {},
        "changed_at": now,
        "changed_by": by,
    }
    with transaction.atomic():
        lock(conversation)
        refuse_gone(conversation)
        refuse_sent(words.token, by=by)
        if draft is None:
            mine = Draft.objects.filter(conversation=conversation, author=by, shared=False, mode__in=WRITTEN_HERE)
            if other := mine.select_related("author").first():
                raise DraftMoved(other, by=by)
            place = {"conversation": conversation, "mailbox_id": conversation.mailbox_id, "author": by}
            return Draft.objects.create(**place, **fields, created_at=now)
        rows = Draft.objects.filter(pk=draft, conversation=conversation, author=by, version=version)
        if not rows.update(**fields, version=F("version") + 1):
            seen = Draft.objects.filter(pk=draft, conversation=conversation).select_related("author")
            raise DraftMoved(seen.first(), by=by)
        return Draft.objects.select_related("author").get(pk=draft)


def discard_draft(draft: Draft, *, by: User) -> bool:
    """Throw one's own draft away. False when it was gone, or somebody else has taken it over."""
    with transaction.atomic():
        removed, _rows = Draft.objects.filter(pk=draft.pk, author=by).delete()
        if removed and draft.shared and draft.conversation_id:
            record(DraftDiscarded(), by=by, mailbox_id=draft.mailbox_id, conversation_id=draft.conversation_id)
    return bool(removed)
