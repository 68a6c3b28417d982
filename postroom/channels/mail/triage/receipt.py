"""Reports on mail that did arrive: read receipts (RFC 8098), confirmed deliveries (RFC 3464), complaints (RFC 5965)."""

from postroom.channels.mail.parsed import Parsed
from postroom.channels.mail.triage.fields import DELIVERY_TYPES, RECEIPT_TYPES
from postroom.channels.mail.triage.sign import Sign, seen
from postroom.core.conversations.automatic import COMPLAINT, DELIVERED, GENERATED, RECEIPT

_KINDS = (
    (RECEIPT, RECEIPT_TYPES, "disposition-notification"),
    (COMPLAINT, ("message/feedback-report",), "feedback-report"),
    (DELIVERED, DELIVERY_TYPES, "delivery-status"),
)


def is_report(parsed: Parsed) -> Sign | None:
    """A multipart/report that is no bounce, told by its type (RFC 6522) or by the part that it carries."""
    report = parsed.content_type == "multipart/report"
    said = parsed.header("Content-Type").lower() if report else ""
    for code, types, name in _KINDS:
        carried = next((file.content_type for file in parsed.attachments if file.content_type in types), "")
        if carried or name in said:
            by = f"multipart/report; report-type={name}" if report else carried
            return Sign(code, seen("Content-Type", by), sure=report)
    if report:
        return Sign(GENERATED, seen("Content-Type", "multipart/report"))
    # Hotmail's complaints are older than the format.
    returned = any(file.content_type == "message/rfc822" for file in parsed.attachments)
    if returned and parsed.subject.lower().startswith("complaint about message from "):
        return Sign(COMPLAINT, seen("Subject", parsed.subject))
    return None
