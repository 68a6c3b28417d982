"""What a conversation has to do with others."""

from django.db.models import Q, QuerySet

from postroom.core.accounts.models import User
from postroom.core.conversations.models import Conversation, ConversationLink
from postroom.lib.prepared import prepared


def links_of(conversation: Conversation, *, user: User) -> list[Conversation]:
    """Return the linked conversations that this person sees, the newest activity first."""
    numbers = {number for pair in _pairs(conversation.pk) for number in pair} - {conversation.pk}
    if not numbers:
        return []
    shown = ("pk", "subject", "status", "last_activity_at")
    found = Conversation.objects.visible_to(user).filter(pk__in=numbers).order_by("-last_activity_at")
    return list(found.only(*shown))


@prepared
def _pairs(number: int) -> "QuerySet[ConversationLink, tuple[int, int]]":
    return ConversationLink.objects.filter(Q(one=number) | Q(other=number)).values_list("one_id", "other_id")
