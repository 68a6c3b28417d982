"""What a channel understood of one message, before it is filed."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any


@dataclass(frozen=True)
class Person:
    """A name and a mail address as a mail's header gave them."""

    name: str
    email: str


@dataclass(frozen=True)
class File:
    """An attachment whose bytes lie in the blob store already."""

    name: str
    content_type: str
    size: int
    digest: str
    content_id: str = ""
    inline: bool = False


@dataclass(frozen=True)
class IncomingMessage:
    """What a channel understood of one message. `shown` is the text without quoted history, for the list's snippet."""

    sender: Person
    subject: str
    text: str
    shown: str = ""
    untrusted_html: str = ""
    to: tuple[Person, ...] = ()
    cc: tuple[Person, ...] = ()
    reply_to: Person | None = None
    rfc_id: str = ""
    in_reply_to: str = ""
    references: str = ""
    raw_digest: str = ""
    automatic: str = ""
    # What in the mail says so: a header as it came.
    automatic_by: str = ""
    # Whether a closed conversation opens again; None: as `automatic` says.
    wakes: bool | None = None
    problems: tuple[str, ...] = ()
    files: tuple[File, ...] = ()
    # What its Date header says, aware.
    sent_at: datetime | None = None
    # Why it is filed where it is, see postroom.core.conversations.evidence.
    joined_by: str = ""
    joined_detail: str = ""
    offered_id: int | None = None
    offered_by: str = ""
    thread_index: str = ""
    # What its signature or encryption came to, as the database keeps it (JSON).
    protection: dict[str, Any] | None = None
    # The side thread that it belongs to; None: it is the customer's, or to them.
    side_thread_id: int | None = None
    # One of us wrote it in another mail program: it is an answer, and it has left already.
    outgoing: bool = False
    # History: nobody is told and nothing wakes. `happened_at` is its place in time; None: now.
    quiet: bool = False
    happened_at: datetime | None = None
