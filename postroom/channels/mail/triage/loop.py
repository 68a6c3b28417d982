"""Mail that Postroom itself has sent and that came back."""

from postroom.channels.mail.parsed import Parsed
from postroom.channels.mail.triage.sign import Sign, seen
from postroom.core.conversations.automatic import LOOP

LOOP_HEADER = "X-Postroom-Loop"


def is_looping(parsed: Parsed) -> Sign | None:
    """Our own mark at the top of the mail: only a forwarder or a responder that copies headers brings it back."""
    value = parsed.header(LOOP_HEADER)
    return Sign(LOOP, seen(LOOP_HEADER, value)) if value else None
