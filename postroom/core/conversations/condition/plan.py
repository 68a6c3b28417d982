"""How to find the conversations of a condition quickly: which index to walk, and what is few enough to look up."""

from dataclasses import dataclass, replace
from datetime import datetime

from django.db.models import Q

from postroom.core.accounts.models import User
from postroom.core.accounts.queries import mailbox_ids
from postroom.core.conversations.condition import words
from postroom.core.conversations.condition.few import few_of
from postroom.core.conversations.condition.language import Condition, Test, conjuncts, every
from postroom.core.conversations.condition.names import meant
from postroom.core.conversations.condition.operators import ME
from postroom.core.conversations.condition.where import holds, is_range, last_active, says_only_status, scope, term_of


@dataclass(frozen=True)
class Plan:
    """`rest` is what has to hold beside status, mailbox and terms; `lead` a further condition that has its own index.

    `bare`: rest says nothing that an index does not, so that whatever it gives is a find. `few`: all that can match are
    among these ids. `after` and `before`: when they were last active, `before` not included.
    """

    rest: Q
    statuses: tuple[str, ...]
    mailboxes: tuple[int, ...]
    lead: Q | None
    bare: bool
    terms: tuple[words.Term, ...]
    few: tuple[int, ...] | None
    after: datetime | None = None
    before: datetime | None = None

    @property
    def within(self) -> words.Within:
        """What the full-text engine's finds have to fulfil."""
        return words.Within(self.statuses, self.mailboxes, self.rest & self.active)

    @property
    def active(self) -> Q:
        """When they were last active."""
        found = Q(last_activity_at__gte=self.after) if self.after else Q()
        return found & Q(last_activity_at__lt=self.before) if self.before else found


def plan_of(condition: Condition, *, user: User, now: datetime | None = None) -> Plan:
    """Return how to go about it. Asks the database for names, and what the rarest part finds."""
    parts = conjuncts(condition)
    terms = tuple(term for part in parts if (term := term_of(part))) if words.engine() else ()
    told = [part for part in parts if _is_mailbox(part) or says_only_status(part) or (terms and term_of(part))]
    asked = tuple(part for part in parts if part not in told and not is_range(part))
    lead = next(filter(None, (_lead(part, user=user) for part in asked)), None)
    after, before = last_active(parts, user=user, now=now)
    plan = Plan(
        rest=holds(every(asked), user=user, now=now),
        statuses=scope(condition),
        mailboxes=_mailboxes(parts, user=user),
        lead=lead,
        bare=not asked or (len(asked) == 1 and (lead is not None or asked[0] == Test("is", "unassigned"))),
        terms=terms,
        few=None,
        after=after,
        before=before,
    )
    return (
        plan
        if terms or plan.bare
        else replace(plan, few=few_of(asked, plan.statuses, plan.mailboxes, user=user, now=now))
    )


def _is_mailbox(part: Condition) -> bool:
    return isinstance(part, Test) and part.operator == "mailbox"


def _mailboxes(parts: tuple[Condition, ...], *, user: User) -> tuple[int, ...]:
    own = set(mailbox_ids(user)) if user.is_active else set()
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
