"""What a browser missed while it was away."""

from postroom.core.events import log
from postroom.core.events.log import Position
from postroom.followers.realtime.hints import frame
from postroom.followers.realtime.tail import frames

# Reading more again costs more than loading the page anew.
FURTHEST = 1000


def replay(after: Position, *, user_id: int) -> list[tuple[Position, bytes]]:
    """Return what this person may know of all that came after the position.

    Too far back, or a place that this log never had (it was restored, or is another's), gives a single `reload` frame.
    """
    events = log.after(after, limit=FURTHEST + 1)
    if not events:
        end = log.end()
        return [] if after <= end else [(end, frame("reload", at=end))]
    if len(events) > FURTHEST:
        end = log.end()
        return [(end, frame("reload", at=end))]
    read = frames(events, user_ids=[user_id])
    told = read.by_user.get(user_id, [])
    # An empty frame moves the position over what this person may not know.
    return [*told, (read.end, b"")]
