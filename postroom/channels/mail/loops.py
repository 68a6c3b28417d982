"""Loops of any length: machines that answer each other."""

from postroom.channels.mail.parsed import Parsed
from postroom.core.accounts.models import Mailbox


def may_answer_automatically(mailbox: Mailbox, *, email: str, parsed: Parsed) -> bool:
    """Tell whether a program of ours may answer this mail by itself: never a machine, and never too often."""
    return False
