"""Slow those who guess, and nobody else.

What is counted, each by itself, when a password or a code was wrong:

* an account from one network: a handful is free, then the wait doubles up to a minute;
* all accounts from one network: nobody mistypes that often, but somebody who tries one password on everybody does;
* an account from everywhere: guesses spread over many networks. It slows browsers that were never signed in there;
* an account in a browser that has signed in to it before: counted alone: strangers never slow its owner.

A try is counted before the slow comparison, in one transaction with the look at the counts: a hundred at once are a
hundred. What has to wait costs one query and no hash.
"""

import hashlib
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import transaction
from django.utils.translation import ngettext

from postroom.core.accounts.models import FailedSignIn
from postroom.lib import addresses, clock
from postroom.lib.networks import counted_as

FREE_FAILURES = 5
LONGEST_WAIT = timedelta(seconds=60)
# A quiet quarter of an hour and nobody remembers the handful.
MEMORY = timedelta(minutes=15)
PASSWORD = "password"
CODE = "code"
_KEPT = timedelta(hours=6)


class TooManyTries(Exception):
    """This was tried too often; the next try is looked at after `seconds`. The sentence may be shown."""

    def __init__(self, seconds: int) -> None:
        self.seconds = seconds
        words = ngettext(
            "That was tried too often. Wait %(n)s second, then try again.",
            "That was tried too often. Wait %(n)s seconds, then try again.",
            seconds,
        )
        super().__init__(words % {"n": seconds})


@dataclass(frozen=True)
class Attempt:
    """One try: whose account (the address as typed), from where, and by what.

    `device` is what known.known_device() answered: set when this browser has signed in to this account before.
    """

    account: str
    ip: str
    device: str = ""
    means: str = PASSWORD


@dataclass(frozen=True)
class Budget:
    """So many failures are free, and one more each `leak`; `growing` ones let each next try wait twice as long."""

    free: int
    leak: timedelta
    growing: bool = False


_PAIR = Budget(FREE_FAILURES, MEMORY, growing=True)
_NETWORK = Budget(60, timedelta(seconds=20))
# One network alone is held to a try a minute by its own wait, which drains faster than that: only many fill it.
_ACCOUNT = Budget(100, timedelta(seconds=30))
# Six digits are guessed in a million tries, and whoever gets as far as this knows the password.
_ACCOUNT_CODES = Budget(20, timedelta(minutes=5))


def seconds_to_wait(attempt: Attempt) -> int:
    """Return how long this try has to wait, 0 for not at all. Reads only."""
    budgets = _budgets(attempt)
    return _wait(list(FailedSignIn.objects.filter(pk__in=budgets)), budgets, now=clock.now())


def remember_failure(attempt: Attempt) -> None:
    """Count a try as failed, before it is looked at; TooManyTries when it has to wait, and then nothing is counted."""
    # Looked at first without a lock: a thousand refused tries should not keep a writer waiting.
    if seconds := seconds_to_wait(attempt):
        raise TooManyTries(seconds)
    now, budgets = clock.now(), _budgets(attempt)
    with transaction.atomic():
        FailedSignIn.objects.filter(last_at__lt=now - _KEPT).delete()
        new = [FailedSignIn(digest=digest, failures=0, last_at=now) for digest in sorted(budgets)]
        FailedSignIn.objects.bulk_create(new, ignore_conflicts=True)
        rows = list(FailedSignIn.objects.select_for_update().filter(pk__in=budgets).order_by("pk"))
        if seconds := _wait(rows, budgets, now=now):
            raise TooManyTries(seconds)
        for row in rows:
            budget = budgets[row.digest]
            failures, since = _left(row, budget, now=now)
            FailedSignIn.objects.filter(pk=row.pk).update(
                failures=failures + 1, last_at=now if budget.growing else since
            )


def forget_failures(attempt: Attempt) -> None:
    """Say that the try was right after all: its own count is forgotten, and it counts nowhere."""
    own, *others = _budgets(attempt)
    with transaction.atomic():
        FailedSignIn.objects.filter(pk=own).delete()
        for row in FailedSignIn.objects.select_for_update().filter(pk__in=others).order_by("pk"):
            FailedSignIn.objects.filter(pk=row.pk).update(failures=max(0, row.failures - 1))
        FailedSignIn.objects.filter(pk__in=others, failures=0).delete()


def _budgets(attempt: Attempt) -> dict[str, Budget]:
    """Return what this try counts against, its very own first."""
    account, network = addresses.normalize(attempt.account), counted_as(attempt.ip)
    if attempt.device:
        return {_digest(attempt.means, "device", account, attempt.device): _PAIR}
    everywhere = _ACCOUNT_CODES if attempt.means == CODE else _ACCOUNT
    return {
        _digest(attempt.means, "pair", account, network): _PAIR,
        _digest(attempt.means, "network", network): _NETWORK,
        _digest(attempt.means, "account", account): everywhere,
    }


def _digest(*parts: str) -> str:
    return hashlib.sha256("\n".join(parts).encode(errors="replace")).hexdigest()


def _wait(rows: list[FailedSignIn], budgets: dict[str, Budget], *, now: datetime) -> int:
    waits = [_wait_of(row, budgets[row.digest], now=now) for row in rows]
    return max([0, *(-int(-wait.total_seconds() // 1) for wait in waits)])


def _wait_of(row: FailedSignIn, budget: Budget, *, now: datetime) -> timedelta:
    failures, since = _left(row, budget, now=now)
    if failures < budget.free:
        return timedelta(0)
    if not budget.growing:
        return since + budget.leak - now
    return since + min(LONGEST_WAIT, timedelta(seconds=2 ** min(failures - budget.free + 1, 10))) - now


def _left(row: FailedSignIn, budget: Budget, *, now: datetime) -> tuple[int, datetime]:
    """Return how many failures still count, and the moment from which the next one drains."""
    if budget.growing:
        # All or nothing: each failure begins the quiet time anew.
        return (row.failures if row.last_at > now - budget.leak else 0), row.last_at
    drained = max(0, int((now - row.last_at) / budget.leak))
    if drained >= row.failures:
        return 0, now
    return row.failures - drained, row.last_at + drained * budget.leak
