"""Who sees which conversation, asked for many people at once: the same rule as in filters.py, from the other end."""

from collections.abc import Collection

from django.db.models import Q

from postroom.core.accounts.models import Membership, User
from postroom.core.conversations.models import Conversation, NamedPerson
from postroom.lib import clock


def who_see(numbers: Collection[int], *, among: Collection[int]) -> dict[int, frozenset[int]]:
    """Return for each of these conversations which of these people see it: four queries, however many they are."""
    if not numbers or not among:
        return {}
    rows = list(Conversation.objects.filter(pk__in=numbers).values_list("pk", "mailbox_id", "sensitive_since"))
    active = set(User.objects.filter(pk__in=among, is_active=True).values_list("pk", flat=True))
    members: dict[int, set[int]] = {mailbox_id: set() for _pk, mailbox_id, _since in rows}
    on_them = Membership.objects.filter(mailbox_id__in=members, user_id__in=active)
    for mailbox_id, user_id in on_them.values_list("mailbox_id", "user_id"):
        members[mailbox_id].add(user_id)
    named = _named([pk for pk, _mailbox_id, since in rows if since is not None], among=active)
    return {
        pk: frozenset(
            members[mailbox_id]
            if since is None
            else (named.get((pk, True), set()) & members[mailbox_id]) | named.get((pk, False), set())
        )
        for pk, mailbox_id, since in rows
    }


def _named(numbers: list[int], *, among: set[int]) -> dict[tuple[int, bool], set[int]]:
    """Return who is named, by number and whether for good: who broke the glass needs no mailbox, and has an end."""
    found: dict[tuple[int, bool], set[int]] = {}
    if numbers:
        rows = NamedPerson.objects.filter(Q(until=None) | Q(until__gt=clock.now()), conversation__in=numbers)
        for pk, user_id, until in rows.filter(user__in=among).values_list("conversation_id", "user_id", "until"):
            found.setdefault((pk, until is None), set()).add(user_id)
    return found
