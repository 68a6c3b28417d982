"""What a report says of one recipient."""

from dataclasses import dataclass
from typing import Literal

Action = Literal["failed", "delayed", "delivered", "read"]

# RFC 3464 section 2.3.3: "relayed" and "expanded" left the world of reports, and nothing more will be heard.
ACTIONS: dict[str, Action] = {
    "failed": "failed",
    "delayed": "delayed",
    "delivered": "delivered",
    "relayed": "delivered",
    "expanded": "delivered",
}


@dataclass(frozen=True, slots=True)
class Outcome:
    """One recipient, under every name that the report gives it (lower-case addresses, the one we wrote to first).

    `status` is an enhanced code (RFC 3463), "" when none was named; `words` are the other server's own.
    """

    emails: tuple[str, ...]
    action: Action
    status: str = ""
    words: str = ""
