from django.db.models import Q

from postroom.core.conversations.models import Conversation


def change_where(conversation: Conversation, where: Q, **fields: object) -> bool:
    """Update the row only if it still is as `where` says; tell whether it was. Free of races, and idempotent.

    The instance gets the new values too, so that what is shown next is what was stored.
    """
    changed = Conversation.objects.filter(where, pk=conversation.pk).update(**fields)
    if changed:
        for name, value in fields.items():
            setattr(conversation, name, value)
    return bool(changed)
