"""Delivery reports and receipts, bound to the exact reply and recipient that they speak of."""

from postroom.channels.mail.parsed import Parsed
from postroom.channels.mail.triage import Triage
from postroom.core.accounts.models import Mailbox
from postroom.core.conversations.models import Message


def note(parsed: Parsed, triage: Triage, *, mailbox: Mailbox, message: Message) -> None:
    """Write down what a filed mail tells of a reply of ours: who got it, who did not, that it left.

    Called in the transaction that filed `message`, for every mail: a person's answer, too, shows that the reply it
    quotes had left.
    """
