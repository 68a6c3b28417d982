"""`postroom check-mail`: what decides whether a mailbox's mail arrives, and which records to add."""

from postroom.channels.mail.deliverability.findings import BAD, GOOD, UNKNOWN, WARNING
from postroom.channels.mail.recipients import find_mailbox
from postroom.channels.mail.transports.deliverability import check_deliverability
from postroom.faces.cli.say import complain, say

_SIGNS = {GOOD: "good   ", WARNING: "could  ", BAD: "BAD    ", UNKNOWN: "unknown"}


def check_mail(address: str) -> int:
    """Print what was found. Return 1 when something needs a change, 2 when there is no such mailbox."""
    mailbox = find_mailbox(address)
    if mailbox is None:
        complain(f"No mailbox has the address {address}. Nothing was looked at.")
        return 2
    found = check_deliverability(mailbox)
    for finding in found:
        say(f"{_SIGNS[finding.verdict]} {finding.topic:<6} {finding.sentence}")
        if finding.advice:
            say(f"               {finding.advice}")
        if finding.record:
            say(f"               {finding.record.name}. {finding.record.kind} {_quoted(finding.record.text)}")
    return 1 if any(finding.verdict == BAD for finding in found) else 0


def _quoted(text: str) -> str:
    """Return it as a zone file has it: in pieces of 255 octets at most."""
    if not text.startswith("v="):
        return text
    return " ".join(f'"{text[start : start + 255]}"' for start in range(0, len(text), 255))
