"""Who sees which conversation. Every query of a conversation starts from `visible_to`; what is not visible is 404."""

from typing import TYPE_CHECKING

from django.db import models

from postroom.core.accounts.models import Membership, User

if TYPE_CHECKING:
    from postroom.core.conversations.models.conversation import Conversation  # noqa: F401  (the query set's own model)


class ConversationQuerySet(models.QuerySet["Conversation"]):
    """Conversations, and who may see them."""

    def visible_to(self, user: User) -> "ConversationQuerySet":
        """Keep the conversations of the mailboxes this person belongs to; none for a deactivated person."""
        if not user.is_active:
            return self.none()
        return self.filter(mailbox_id__in=Membership.objects.filter(user=user).values("mailbox_id"))
