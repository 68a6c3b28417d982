"""Mail that Postroom itself has sent and that came back."""

from postroom.channels.mail.parsed import Parsed

LOOP_HEADER = "X-Postroom-Loop"


def is_looping(parsed: Parsed) -> str | None:
    """Our own mark at the top of the mail: only a forwarder or a responder that copies headers brings it back."""
    return f"The mail carries our own mark ({LOOP_HEADER})." if parsed.header(LOOP_HEADER) else None
