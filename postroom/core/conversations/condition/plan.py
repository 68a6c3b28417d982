"""How to find the conversations of a condition quickly: which index to walk, and what is few enough to look up."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import Q, QuerySet

from postroom.core.accounts.models import Membership, User
from postroom.core.conversations.condition import words
from postroom.core.conversations.condition.language import Condition, Test, conjuncts, every
from postroom.core.conversations.condition.names import meant
from postroom.core.conversations.condition.operators import ME
from postroom.core.conversations.condition.where import holds, says_only_status, scope, term_of
from postroom.core.conversations.models import Conversation, ConversationTag, Draft, Following, Mention, Message

# So many conversations are looked up one by one, and sorted, sooner than found by walking a list.
FEW = 2000


@dataclass(frozen=True)
class Plan:
    """`rest` is what has to hold beside status, mailbox and terms; `lead` a further condition that has its own index.

    `bare`: rest says nothing but the lead, so that whatever an index gives is a find. `few`: all that can match are
    among these ids.
    """

    rest: Q
    statuses: tuple[str, ...]
    mailboxes: tuple[int, ...]
    lead: Q | None
    bare: bool
    terms: tuple[words.Term, ...]
    few: tuple[int, ...] | None

    @property
    def within(self) -> Q:
        """What the full-text engine's finds have to fulfil."""
        return self.rest & Q(status__in=self.statuses, mailbox_id__in=self.mailboxes)


def plan_of(condition: Condition, *, user: User, now: datetime | None = None) -> Plan:
    """Return how to go about it. Asks the database for names, and what the rarest part finds."""
    parts = conjuncts(condition)
    terms = tuple(term for part in parts if (term := term_of(part))) if words.engine() else ()
    told = [part for part in parts if _is_mailbox(part) or says_only_status(part) or (terms and term_of(part))]
    rest = every(tuple(part for part in parts if part not in told))
    lead = next(filter(None, (_lead(part, user=user) for part in conjuncts(rest))), None)
    return Plan(
        rest=holds(rest, user=user, now=now),
        statuses=scope(condition),
        mailboxes=_mailboxes(parts, user=user),
        lead=lead,
        bare=all(_lead(part, user=user) or part == Test("is", "unassigned") for part in conjuncts(rest)),
        terms=terms,
        few=None if terms else _few(parts, user=user),
    )


def _is_mailbox(part: Condition) -> bool:
    return isinstance(part, Test) and part.operator == "mailbox"


def _mailboxes(parts: tuple[Condition, ...], *, user: User) -> tuple[int, ...]:
    own = set(Membership.objects.filter(user=user).values_list("mailbox_id", flat=True)) if user.is_active else set()
    for part in parts:
        if isinstance(part, Test) and _is_mailbox(part):
            own &= set(meant(part, by=user))
    return tuple(sorted(own))


def _lead(part: Condition, *, user: User) -> Q | None:
    """Return the condition on an owner: conversations have an index for each, in the order of the list."""
    if not isinstance(part, Test):
        return None
    if part.operator == "assignee":
        ids = (user.pk,) if part.value == ME else meant(part, by=user)
        return Q(assignee_id=ids[0]) if len(ids) == 1 else None
    if part.operator == "team":
        ids = meant(part, by=user)
        return Q(team_id=ids[0]) if len(ids) == 1 else None
    return None


def _few(parts: tuple[Condition, ...], *, user: User) -> tuple[int, ...] | None:
    """Return the ids of the first part that finds but few; None when none does. Nobody has asked who may see them."""
    for part in parts:
        rows = _index_of(part, user=user) if isinstance(part, Test) else None
        if rows is None:
            continue
        found = set(rows[: FEW + 1])
        if len(found) <= FEW:
            return tuple(sorted(found))
    return None


def _index_of(part: Test, *, user: User) -> "QuerySet[Any, int] | None":
    """Return the conversations' ids that an index has for a part; None when there is no such index."""
    match part.operator, part.value:
        case "number", number:
            return Conversation.objects.filter(pk=int(number)).values_list("pk", flat=True)
        case "id", rfc_id:
            return Message.objects.filter(rfc_id=rfc_id).values_list("conversation_id", flat=True)
        case "has", "draft":
            drafts = Draft.objects.filter(Q(shared=True) | Q(author=user), conversation__isnull=False)
            return drafts.values_list("conversation_id", flat=True)
        case "is", "following":
            return Following.objects.filter(user=user).values_list("conversation_id", flat=True)
        case "is", "mentioned":
            return Mention.objects.filter(user=user).values_list("message__conversation_id", flat=True)
        case "tag", _ if tags := meant(part, by=user):
            return ConversationTag.objects.filter(tag_id__in=tags).values_list("conversation_id", flat=True)
        case "contact", _ if contacts := meant(part, by=user):
            return Conversation.objects.filter(contact_id__in=contacts).values_list("pk", flat=True)
    return None
