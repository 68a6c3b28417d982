"""What is to become of a mail that a machine sent: filed where it belongs, or parked with the reason."""

from dataclasses import dataclass

from postroom.channels.mail.parsed import Parsed
from postroom.channels.mail.triage import Triage
from postroom.core.accounts.models import Mailbox
from postroom.core.conversations.models import Conversation


@dataclass(frozen=True)
class Fate:
    """`park_reason` is a code of reasons.py, "" for mail to file.

    `conversation` is where a report belongs, with the evidence (`by`, a code of evidence.py, and `detail`); None leaves
    it to threading.
    """

    park_reason: str = ""
    conversation: Conversation | None = None
    by: str = ""
    detail: str = ""


FILE = Fate()


def decide(parsed: Parsed, triage: Triage, *, mailbox: Mailbox) -> Fate:
    """Say whether a mail is parked, and where a report is filed. Inside the transaction that files it.

    A person's mail costs no query and is never parked.
    """
    if triage.kind == "person":
        return FILE
    return FILE
