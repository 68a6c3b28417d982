"""What a browser is told of an event: ids only. It fetches what it shows through the ordinary, access-checked views."""

import json

from postroom.core.events.log import Position
from postroom.core.events.models import Event


def hint(event: Event) -> bytes:
    """Return the event as one frame of a text/event-stream (WHATWG HTML, section 9.2)."""
    data = {
        "kind": event.kind,
        "conversation": event.conversation_id,
        "mailbox": event.mailbox_id,
        "message": event.message_id,
        # Only a colleague's id: a customer's could be taken for it.
        "actor": event.actor_id if event.actor_kind == "user" else None,
    }
    return frame("hint", at=Position.of(event), data=json.dumps(data, separators=(",", ":")))


def frame(name: str, *, at: Position, data: str = "{}") -> bytes:
    """Return a named frame; its id is what the browser sends back as Last-Event-ID."""
    return f"id: {at}\nevent: {name}\ndata: {data}\n\n".encode()


def heartbeat(*, at: Position) -> bytes:
    """Return a comment that keeps proxies from closing, with an id but no data.

    A frame without data moves the browser's last id and dispatches nothing, so that somebody who sees few of the events
    does not resume from far back.
    """
    return f": \nid: {at}\n\n".encode()
