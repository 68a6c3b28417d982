"""Let followers react to the log, each from its own bookmark."""

import traceback
from collections.abc import Callable
from dataclasses import dataclass

from django.db import connection, transaction

from postroom.core.events import log
from postroom.core.events.models import Bookmark, Event
from postroom.lib import clock
from postroom.lib.killpoint import killpoint


@dataclass(frozen=True)
class Follower:
    """A name for the bookmark and what to do for each event: database writes only, never the network."""

    name: str
    react: Callable[[Event], None]


def follow(follower: Follower, *, limit: int = 100) -> int:
    """React to the next events, in one transaction with the bookmark; return how many.

    A failing reaction is rolled back, written on the bookmark and raised: this follower stops there, others go on.
    """
    Bookmark.objects.get_or_create(follower=follower.name)
    done = 0
    failure: Exception | None = None
    with transaction.atomic():
        bookmark = (
            Bookmark.objects.select_for_update(of=("self",)).get(follower=follower.name)
            if _locks()
            else (Bookmark.objects.get(follower=follower.name))
        )
        for event in log.after(log.Position(bookmark.xid, bookmark.event_id), limit=limit):
            try:
                with transaction.atomic():
                    follower.react(event)
            except Exception as error:  # noqa: BLE001  (raised below, when the bookmark is stored)
                failure = error
                bookmark.problem = traceback.format_exc(limit=-3)
                break
            bookmark.xid, bookmark.event_id, bookmark.problem = event.xid, event.id, ""
            done += 1
        if done or failure:
            bookmark.moved_at = clock.now()
            bookmark.save()
            killpoint("before_react_commit")
    if failure:
        raise failure
    return done


def _locks() -> bool:
    return connection.features.has_select_for_update
