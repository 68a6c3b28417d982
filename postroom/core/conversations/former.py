"""Where a conversation was before it was moved to another mailbox: what is still written there belongs to it."""

from django.db.models import Exists, OuterRef, Q

from postroom.core.accounts.models import Mailbox
from postroom.core.conversations.models import FormerMailbox


def is_or_was_in(mailbox: Mailbox, *, through: str = "conversation") -> Q:
    """Return the condition that a conversation lies in this mailbox, or did once. `through` leads to it.

    For queries that find their rows by something rarer, as an id: it is no way into an index.
    """
    former = FormerMailbox.objects.filter(conversation=OuterRef(f"{through}_id"), mailbox=mailbox)
    return Q(**{f"{through}__mailbox": mailbox}) | Q(Exists(former))


def mailboxes_of(conversation_id: int, *, now: int) -> list[int]:
    """Return the mailbox that it lies in (`now`), and those that it was in, by id."""
    rows = FormerMailbox.objects.filter(conversation=conversation_id).exclude(mailbox=now)
    return [now, *rows.order_by("pk").values_list("mailbox_id", flat=True)]
