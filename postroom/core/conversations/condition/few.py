"""Parts of a condition of which an index knows all that they find: when that is little, it is looked up and sorted."""

from datetime import datetime
from typing import Any

from django.db.models import BooleanField, Q, QuerySet
from django.db.models.expressions import RawSQL

from postroom.core.accounts.models import User
from postroom.core.conversations.condition.language import Condition, Test
from postroom.core.conversations.condition.names import meant
from postroom.core.conversations.condition.where import holds
from postroom.core.conversations.models import (
    Conversation,
    ConversationTag,
    Draft,
    Following,
    Mention,
    Message,
    ReadMark,
    SideThread,
)

# So many conversations are looked up one by one, and sorted, sooner than found by walking a list.
FEW = 2000
# Of a tag: what was tagged long ago is far down in every list, and to walk there takes longer than to sort these.
_FEW_TAGGED = 20_000
# Their indexes begin with mailbox and status.
_BY_STATUS = ("priority", "waiting")
# SQLite takes a partial index only when its condition stands in the statement, word for word.
NOT_NORMAL = Q(RawSQL('NOT ("postroom_conversations_conversation"."priority" = 0)', [], BooleanField()))


def few_of(
    parts: tuple[Condition, ...],
    statuses: tuple[str, ...],
    mailboxes: tuple[int, ...],
    *,
    user: User,
    now: datetime | None,
) -> tuple[int, ...] | None:
    """Return the ids of the first part that finds but few; None when none does. Nobody has asked who may see them."""
    for part in parts:
        if not isinstance(part, Test):
            continue
        rows = _beside(part, user=user)
        if rows is None and (found := _own_index(part, user=user, now=now)) is not None:
            rows = Conversation.objects.filter(found).values_list("pk", flat=True)
            if part.operator in _BY_STATUS or part == Test("is", "waiting"):
                rows = rows.filter(status__in=statuses, mailbox_id__in=mailboxes)
        if rows is None:
            continue
        most = _FEW_TAGGED if part.operator == "tag" else FEW
        # Whether there are too many is asked before they are carried here.
        if not rows.order_by()[most : most + 1]:
            return tuple(sorted(set(rows.order_by()[:most])))
    return None


def _own_index(part: Test, *, user: User, now: datetime | None) -> Q | None:
    """Return the condition on the conversation itself for which there is an index."""
    match part.operator, part.value:
        case ("number", _) | ("is", "waiting") | ("waiting", _) | ("is", "sensitive"):
            return holds(part, user=user, now=now)
        case "priority", level if level != "normal":
            return holds(part, user=user, now=now) & NOT_NORMAL
        case "contact", _ if meant(part, by=user):
            return holds(part, user=user, now=now)
    return None


def _beside(part: Test, *, user: User) -> "QuerySet[Any, int] | None":
    """Return the conversations' ids that another table has for a part; None when there is no such table."""
    match part.operator, part.value:
        case "id", rfc_id:
            return Message.objects.filter(rfc_id=rfc_id).values_list("conversation_id", flat=True)
        case "has", "draft":
            drafts = Draft.objects.filter(Q(shared=True) | Q(author=user), conversation__isnull=False)
            return drafts.values_list("conversation_id", flat=True)
        case "has", "side-thread":
            return SideThread.objects.values_list("conversation_id", flat=True)
        case "is", "following":
            return Following.objects.filter(user=user).values_list("conversation_id", flat=True)
        case "is", "mentioned":
            return Mention.objects.filter(user=user).values_list("message__conversation_id", flat=True)
        case "is", "read":
            return ReadMark.objects.filter(user=user).values_list("conversation_id", flat=True)
        case "tag", _ if tags := meant(part, by=user):
            return ConversationTag.objects.filter(tag_id__in=tags).values_list("conversation_id", flat=True)
    return None
