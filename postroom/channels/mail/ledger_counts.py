"""Sum up the ledger's loose counts, so that reading them stays cheap."""

from collections import Counter

from django.db import connection, transaction
from django.db.models import F

from postroom.channels.mail.models import LedgerCount

# Fewer than this cost a reader nothing.
_WORTH_IT = 500
_AT_ONCE = 2_000


def sum_up_next() -> bool:
    """Add the loose counts to those of their day and state; tell whether there were enough of them."""
    loose = LedgerCount.objects.filter(loose=True)
    if len(loose.order_by("pk").values_list("pk")[:_WORTH_IT]) < _WORTH_IT:
        return False
    with transaction.atomic():
        rows = loose.order_by("pk")
        if connection.features.has_select_for_update_skip_locked:
            rows = rows.select_for_update(skip_locked=True)
        taken = list(rows[:_AT_ONCE])
        change: Counter[tuple[int, str, str, str]] = Counter()
        for row in taken:
            change[row.mailbox_id, row.transport, row.day, row.state] += row.n
        for key in sorted(change):
            _add(key, change[key])
        LedgerCount.objects.filter(pk__in=[row.pk for row in taken]).delete()
    return True


def _add(key: tuple[int, str, str, str], n: int) -> None:
    mailbox_id, transport, day, state = key
    group = {"mailbox_id": mailbox_id, "transport": transport, "day": day, "state": state, "loose": False}
    if n and not LedgerCount.objects.filter(**group).update(n=F("n") + n):
        LedgerCount.objects.create(**group, n=n)
