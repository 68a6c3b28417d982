from html import escape

from django.db import transaction

from postroom.core.accounts.models import Team, User
from postroom.core.conversations.actions.assign import assign
from postroom.core.conversations.actions.note import add_note
from postroom.core.conversations.models import Conversation


def hand_over(conversation: Conversation, *, to: User | Team, by: User, note: str = "") -> bool:
    """Give the conversation to somebody with a word for them, both or neither. False when it was theirs already.

    Its opposite is to assign it back; the note stays.
    """
    with transaction.atomic():
        if note.strip():
            lines = "<br>".join(escape(line) for line in note.strip().splitlines())
            add_note(conversation, by=by, html=f"<div>{lines}</div>")
        return assign(conversation, to=to, by=by)
