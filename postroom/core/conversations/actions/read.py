from django.db.models import F, Value
from django.db.models.functions import Greatest

from postroom.core.accounts.models import User
from postroom.core.conversations.models import Conversation, ReadMark


def mark_read(conversation: Conversation, *, by: User, message_id: int) -> bool:
    """Remember that this person has seen all up to this message. False when they had. No event: it is private."""
    mark, made = ReadMark.objects.get_or_create(user=by, conversation=conversation, defaults={"message_id": message_id})
    if not made and mark.message_id < message_id:
        ReadMark.objects.filter(pk=mark.pk).update(message_id=Greatest(F("message_id"), Value(message_id)))
        return True
    return made


def mark_unread(conversation: Conversation, *, by: User) -> None:
    """Show the conversation as unread to this person again."""
    ReadMark.objects.filter(user=by, conversation=conversation).delete()
