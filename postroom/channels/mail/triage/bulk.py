"""Mail to many: lists and newsletters."""

from postroom.channels.mail.parsed import Parsed

_BULK = ("bulk", "list", "junk")


def is_bulk(parsed: Parsed) -> str | None:
    """A list's own headers (RFC 2369, 2919) or a Precedence that says bulk."""
    for name in ("List-Id", "List-Unsubscribe", "List-Post", "X-Mailing-List", "X-Mailman-Version", "Feedback-ID"):
        if parsed.header(name):
            return f"The mail has a {name} header: it was sent to many."
    precedence = next((word for word in _BULK if word in parsed.precedence), None)
    return f"Precedence: {precedence}." if precedence else None
