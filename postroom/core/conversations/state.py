"""What a writer saw of a conversation beside its messages: carried by the page, and compared when they send."""

import re
from dataclasses import dataclass

from postroom.core.conversations.models import Conversation, Message
from postroom.core.events.models import Event

_WRITTEN = re.compile(r"([a-z]{1,10})\.([ptn])(\d{1,18})\.(\d{1,18})\.(\d{1,18})")


@dataclass(frozen=True)
class State:
    """Status, owner ("p3" a person, "t2" a team, "n0" nobody), mailbox and customer, as they were at one moment."""

    status: str
    owner: str
    mailbox_id: int
    contact_id: int

    def __str__(self) -> str:
        return f"{self.status}.{self.owner}.{self.mailbox_id}.{self.contact_id}"

    @classmethod
    def parse(cls, text: str) -> "State | None":
        """Read what `str()` wrote; None for anything else."""
        found = _WRITTEN.fullmatch(text)
        return cls(found[1], found[2] + found[3], int(found[4]), int(found[5])) if found and text.isascii() else None

    @classmethod
    def of(cls, row: Conversation) -> "State":
        """Return the state of a row as it was read."""
        owner = f"p{row.assignee_id}" if row.assignee_id else f"t{row.team_id}" if row.team_id else "n0"
        return cls(row.status, owner, row.mailbox_id, row.contact_id)


@dataclass(frozen=True)
class Changed:
    """What others did to a conversation since somebody began to write: at least one message or event, oldest first.

    `latest` and `state` are what the writer knows once they have read this.
    """

    messages: tuple[Message, ...]
    events: tuple[Event, ...]
    latest: int
    state: State
