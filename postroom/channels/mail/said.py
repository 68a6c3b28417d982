"""What a mail says about replies of ours, whoever wrote it."""

from postroom.channels.mail.parsed import Parsed
from postroom.channels.mail.triage import Outcome, Triage
from postroom.channels.mail.triage.bounce import delivered
from postroom.channels.mail.triage.bounce_prose import addresses_in
from postroom.channels.mail.triage.fields import receipt_fields
from postroom.core.conversations.automatic import RECEIPT


def outcomes(parsed: Parsed, triage: Triage) -> tuple[Outcome, ...]:
    """Return what a report or receipt says of each recipient; nothing for other mail."""
    if triage.bounce is not None:
        return (*triage.bounce.outcomes, *delivered(parsed))
    if triage.automatic == RECEIPT:
        return (_receipt(parsed),)
    return delivered(parsed)


def _receipt(parsed: Parsed) -> Outcome:
    fields = receipt_fields(parsed) or {}
    disposition = fields.get("disposition", "").partition(";")[2].strip().lower()
    named = " ".join(fields.get(name, "") for name in ("original-recipient", "final-recipient"))
    emails = tuple(dict.fromkeys([*addresses_in(named), parsed.from_.email.lower()]))
    if disposition.startswith(("failed", "error")):
        return Outcome(emails, "delivered")
    # "deleted", without "displayed": thrown away unread, which still says that it arrived (RFC 8098 section 3.2.6.2).
    return Outcome(emails, "delivered" if disposition.startswith("deleted") else "read", words=disposition[:100])
