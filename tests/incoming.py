"""What a channel understood of a customer's mail, for tests that begin after the parsing."""

from dataclasses import replace
from typing import TypedDict, Unpack

from postroom.core.conversations.actions.receive import File, IncomingMessage, Person
from tests.people import ANN


class MailFields(TypedDict, total=False):
    """The fields of IncomingMessage a test may want otherwise."""

    sender: Person
    subject: str
    text: str
    untrusted_html: str
    to: tuple[Person, ...]
    cc: tuple[Person, ...]
    reply_to: Person
    rfc_id: str
    raw_digest: str
    automatic: str
    files: tuple[File, ...]


def incoming(**changes: Unpack[MailFields]) -> IncomingMessage:
    """Return Ann's question, with these fields otherwise."""
    return replace(IncomingMessage(ANN, "Order 118", "Where is my bicycle?"), **changes)
