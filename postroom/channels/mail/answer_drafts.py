"""What was not sent is kept where its writer finds it: as their own draft, with what they knew when they wrote."""

from django.db import transaction

from postroom.channels.mail.answer_asked import Asked, kept_files
from postroom.channels.mail.answer_words import NOTE
from postroom.core.conversations.actions.drafts import Words, save_draft
from postroom.core.conversations.actions.reply import lock
from postroom.core.conversations.actions.sent_draft import DraftMoved
from postroom.core.conversations.allowed import NotAllowed
from postroom.core.conversations.drafts import WRITTEN_HERE
from postroom.core.conversations.models import Attachment, Draft
from postroom.core.conversations.state import State


def keep_draft(asked: Asked) -> bool:
    """Keep the words and files as the person's draft; False when there are none, or they may not write there.

    A draft of theirs that is there already has the words below its own; nobody else's is touched. Sent from the page
    it is compared with what the letter knew, so that it is stopped there with what changed, until they have read that.
    """
    if not asked.html and not asked.files:
        return False
    try:
        with transaction.atomic():
            lock(asked.conversation)
            files = kept_files(asked, without_large=True)
            own = _own(asked)
            if own is None:
                save_draft(asked.conversation, by=asked.by, words=_fresh(asked, files))
            else:
                words = _added(asked, own, files)
                save_draft(asked.conversation, by=asked.by, words=words, draft=own.pk, version=own.version)
    except (NotAllowed, DraftMoved):
        return False
    return True


def _own(asked: Asked) -> Draft | None:
    mine = Draft.objects.filter(conversation=asked.conversation, author=asked.by, shared=False)
    return mine.filter(mode__in=WRITTEN_HERE).first()


def _fresh(asked: Asked, files: list[Attachment]) -> Words:
    return Words(_mode(asked), asked.html, files=tuple(file.pk for file in files), seen=asked.seen, state=asked.state)


def _added(asked: Asked, own: Draft, files: list[Attachment]) -> Words:
    # What is for colleagues in one of the two makes it a note: the customer must not get it by one key.
    mode = own.mode if own.mode == _mode(asked) else NOTE
    before = own.seen_message_id
    older = before is not None and before <= asked.seen
    return Words(
        mode,
        f"{own.untrusted_html}<div><br></div>{asked.html}",
        people=own.people,
        files=(*own.files, *(file.pk for file in files)),
        seen=before if older else asked.seen,
        state=State.parse(own.seen_state.get("state", "")) if older else asked.state,
    )


def _mode(asked: Asked) -> str:
    return NOTE if asked.answer.command == NOTE else WRITTEN_HERE[0]
