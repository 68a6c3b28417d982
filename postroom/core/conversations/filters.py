"""Who sees which conversation. Every query of a conversation starts from `visible_to`; what is not visible is 404."""

from typing import TYPE_CHECKING

from django.db import models
from django.db.models import Exists, OuterRef, Q

from postroom.core.accounts.models import Membership, User
from postroom.core.conversations.models.named_person import NamedPerson
from postroom.lib import clock

if TYPE_CHECKING:
    from postroom.core.conversations.models.conversation import Conversation  # noqa: F401  (the query set's own model)


class ConversationQuerySet(models.QuerySet["Conversation"]):
    """Conversations, and who may see them."""

    def visible_to(self, user: User) -> "ConversationQuerySet":
        """Keep what this person sees: of their mailboxes, but sensitive ones only where they are named.

        Whoever broke the glass sees that one conversation for its time, on the mailbox or not. A deactivated person
        sees nothing.
        """
        if not user.is_active:
            return self.none()
        named = NamedPerson.objects.filter(conversation=OuterRef("pk"), user=user)
        of_mailboxes = Q(mailbox_id__in=Membership.objects.filter(user=user).values("mailbox_id"))
        # Looked up only for a sensitive row: both engines stop at the first part that decides (measured).
        by_name = Q(sensitive_since=None) | Exists(named.filter(until=None))
        by_glass = Q(sensitive_since__isnull=False) & Exists(named.filter(until__gt=clock.now()))
        return self.filter((of_mailboxes & by_name) | by_glass)
