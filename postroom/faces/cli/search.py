"""`postroom search`: how far the index is, and making it anew."""

import time

from postroom.core.events import log
from postroom.core.events.models import Bookmark
from postroom.faces.cli.say import say
from postroom.followers.search.models import Stale
from postroom.followers.search.read_again import index_next
from postroom.followers.search.rebuild import rebuild, state

# While nobody else needs the time: as many as a worker takes in several steps.
_AT_ONCE = 400


def search_rebuild(*, files: bool, wait: bool) -> int:
    """Ask for everything to be read again; with `wait`, read it here and now, beside the worker or without one."""
    total = rebuild(files=files)
    say(f"{total:,} messages are read again, the newest first. Until then, search finds those that were read.")
    if not wait:
        say("The worker does it. `postroom search status` says how far it is.")
        return 0
    done = 0
    while Stale.objects.exists():
        if not index_next(most=_AT_ONCE, words=_AT_ONCE * 200):
            # The worker is at it.
            time.sleep(0.5)
            continue
        done += _AT_ONCE
        if done % (_AT_ONCE * 25) == 0:
            say(f"{min(done, total):,} of {total:,}")
    say("All of them can be found.")
    return 0


def search_status() -> int:
    """Say how much can be found and what waits. Return 1 when the follower has stopped."""
    now = state()
    since = f", the first since {now.waiting_since:%Y-%m-%d %H:%M} UTC" if now.waiting_since else ""
    say(f"{now.found:,} messages can be found; {now.waiting:,} wait to be read{since}.")
    say(f"{now.files_waiting:,} files wait to be read; {now.files_without_words:,} have no words.")
    bookmark = Bookmark.objects.filter(follower="search").first()
    if bookmark is None:
        return 0
    behind = log.later(log.Position(bookmark.xid, bookmark.event_id))[:10_000].count()
    say(f"{behind:,} events have not been followed yet.")
    if bookmark.problem:
        say(f"It has stopped. The worker tries again and says: {bookmark.problem.strip().splitlines()[-1]}")
    return 1 if bookmark.problem else 0
