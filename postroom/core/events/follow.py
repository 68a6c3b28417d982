"""Let followers react to the log, each from its own bookmark."""

import time
import traceback
from collections.abc import Callable
from dataclasses import dataclass

from django.db import connection, transaction

from postroom.core.events import log
from postroom.core.events.models import Bookmark, Event
from postroom.lib import clock
from postroom.lib.killpoint import killpoint

# Seconds that a transaction may take: whoever posts a reply waits for it.
_LONGEST = 0.025


@dataclass(frozen=True)
class Follower:
    """A name for the bookmark and what to do for each event: database writes only, never the network."""

    name: str
    react: Callable[[Event], None]


def follow(follower: Follower, *, limit: int = 100) -> int:
    """React to the next events, in one short transaction with the bookmark; return how many.

    A failing reaction is rolled back, written on the bookmark and raised: this follower stops there, others go on.
    """
    bookmark, _made = Bookmark.objects.get_or_create(follower=follower.name)
    if not log.after(_place(bookmark), limit=1):
        # Nearly always. SQLite's one write lock is not asked for to find nothing.
        return 0
    done = 0
    until = time.monotonic() + _LONGEST
    failure: Exception | None = None
    with transaction.atomic():
        bookmark = (
            Bookmark.objects.select_for_update(of=("self",)).get(follower=follower.name)
            if _locks()
            else (Bookmark.objects.get(follower=follower.name))
        )
        for event in log.after(_place(bookmark), limit=limit):
            try:
                with transaction.atomic():
                    follower.react(event)
            except Exception as error:  # noqa: BLE001  (raised below, when the bookmark is stored)
                failure = error
                bookmark.problem = traceback.format_exc(limit=-3)
                break
            bookmark.xid, bookmark.event_id, bookmark.problem = event.xid, event.id, ""
            done += 1
            if time.monotonic() > until:
                break
        if done or failure:
            bookmark.moved_at = clock.now()
            bookmark.save()
            killpoint("before_react_commit")
    if failure:
        raise failure
    return done


def _place(bookmark: Bookmark) -> log.Position:
    return log.Position(bookmark.xid, bookmark.event_id)


def _locks() -> bool:
    return connection.features.has_select_for_update
