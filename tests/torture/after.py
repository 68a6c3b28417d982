"""Do what time would do, and wait until nothing is under way any more."""

import contextlib
import sys
import time
from collections.abc import Callable, Iterator

from django.db import Error, connection

from postroom.channels.mail.models import STORED, IncomingMail
from postroom.core.conversations.models import Message
from postroom.core.conversations.models.message import DEFERRED, IN, LEASED, QUEUED, SENDING
from postroom.lib import clock

_PATIENCE = 1800.0
_STILL = 120.0
_CALM = 6.0
_UNDER_WAY = (QUEUED, LEASED, SENDING, DEFERRED)


def end_leases() -> None:
    """Let every lease of a worker that is dead run out. Only while none lives."""
    with _in_bad_weather():
        IncomingMail.objects.exclude(leased_until=None).update(leased_until=clock.now())
        Message.objects.exclude(leased_until=None).update(leased_until=clock.now())


def hurry() -> None:
    """Let what was put off be due."""
    with _in_bad_weather():
        Message.objects.filter(delivery=DEFERRED, send_after__gt=clock.now()).update(send_after=clock.now())


def settle(*, mails: int) -> None:
    """Wait until all mails are filed and every reply has an end, or nothing has moved for two minutes."""
    seen, since = None, time.monotonic()
    while True:
        hurry()
        left = _left(mails)
        if left != seen:
            seen, since = left, time.monotonic()
        if not any(left):
            # A second copy of something may still be on its way from a folder.
            if time.monotonic() - since > _CALM:
                return
        elif time.monotonic() - since > _STILL:
            print(f"Nothing moves any more: mails missing, not filed, replies under way: {left}", file=sys.stderr)
            return
        time.sleep(1)


def wait_for(ready: Callable[[], bool], *, what: str, hurry: Callable[[], None] = lambda: None) -> None:
    """Wait, for half an hour at most."""
    until = time.monotonic() + _PATIENCE
    while not ready():
        assert time.monotonic() < until, f"{what} did not come."
        hurry()
        time.sleep(0.5)


def _left(mails: int) -> tuple[int, int, int]:
    """Return how many mails have no message, are not filed, and how many replies are under way."""
    return (
        max(0, mails - Message.objects.filter(kind=IN).count()),
        IncomingMail.objects.filter(state=STORED).count(),
        Message.objects.filter(delivery__in=_UNDER_WAY).count(),
    )


@contextlib.contextmanager
def _in_bad_weather() -> Iterator[None]:
    try:
        yield
    except Error:
        # The disk is full or the server restarts: the next call does it.
        connection.close()
