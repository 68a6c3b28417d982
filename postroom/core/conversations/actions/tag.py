from django.db import transaction
from django.utils.translation import gettext as _

from postroom.core.conversations.allowed import must_answer
from postroom.core.conversations.models import Conversation, ConversationTag, Tag
from postroom.core.events.actor import Actor
from postroom.core.events.kinds import Tagged, Untagged
from postroom.core.events.record import record
from postroom.lib.text import one_line


class NoSuchTag(Exception):
    """A tag has between 1 and 60 characters."""

    def __init__(self) -> None:
        super().__init__(_("A tag has between 1 and 60 characters. Nothing was changed."))


def tag(conversation: Conversation, *, name: str, by: Actor) -> bool:
    """Put a tag on, made if it is new; lower case, spaces folded. False when it was on already."""
    must_answer(conversation.mailbox_id, by=by)
    name = cleaned(name)
    with transaction.atomic():
        row, _made = Tag.objects.get_or_create(name=name)
        _link, put = ConversationTag.objects.get_or_create(conversation=conversation, tag=row)
        if not put:
            return False
        record(Tagged(tag=name), by=by, mailbox_id=conversation.mailbox_id, conversation_id=conversation.pk)
    return True


def untag(conversation: Conversation, *, name: str, by: Actor) -> bool:
    """Take a tag off. False when it was not on."""
    must_answer(conversation.mailbox_id, by=by)
    name = cleaned(name)
    with transaction.atomic():
        removed, _rows = ConversationTag.objects.filter(conversation=conversation, tag__name=name).delete()
        if not removed:
            return False
        record(Untagged(tag=name), by=by, mailbox_id=conversation.mailbox_id, conversation_id=conversation.pk)
    return True


def cleaned(name: str) -> str:
    """Return a tag as it is kept: lower case, spaces folded; NoSuchTag."""
    tidy = one_line(name, length=200).lower()
    if not 1 <= len(tidy) <= 60:
        raise NoSuchTag
    return tidy
