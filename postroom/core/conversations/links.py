"""What a conversation has to do with others."""

from django.db.models import Q

from postroom.core.accounts.models import User
from postroom.core.conversations.models import Conversation, ConversationLink


def links_of(conversation: Conversation, *, user: User) -> list[Conversation]:
    """Return the linked conversations that this person sees, the newest activity first."""
    rows = ConversationLink.objects.filter(Q(one=conversation) | Q(other=conversation)).values_list("one", "other")
    numbers = {number for pair in rows for number in pair} - {conversation.pk}
    if not numbers:
        return []
    shown = ("pk", "subject", "status", "last_activity_at")
    found = Conversation.objects.visible_to(user).filter(pk__in=numbers).order_by("-last_activity_at")
    return list(found.only(*shown))
