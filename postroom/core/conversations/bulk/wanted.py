"""What is to be done to many conversations, and why some were left as they were."""

from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any

# Why a conversation was left as it was: codes of a step's `before["why"]`.
UNSEEN = "unseen"
BARRED = "barred"
NEWER = "newer"
ALREADY = "already"
OWNER = "owner"
REPLY = "reply"
NAMES = "names"
MOMENT = "moment"
GONE = "gone"
CHANGED = "changed"


@dataclass(frozen=True)
class Wanted:
    """A verb of the table (verbs.py) and what it needs: an owner, a tag, a priority, a mailbox or a moment."""

    verb: str
    user_id: int | None = None
    team_id: int | None = None
    tag: str = ""
    priority: int = 0
    mailbox_id: int | None = None
    until: datetime | None = None
    wakes_on_answer: bool = True

    def stored(self) -> dict[str, Any]:
        """Return it as a BulkJob's `arguments`."""
        return {**asdict(self), "until": self.until.isoformat() if self.until else None}

    @classmethod
    def read(cls, stored: dict[str, Any]) -> "Wanted":
        """Read what `stored` gave; what else is kept beside it is left out."""
        own = {name: stored[name] for name in cls.__dataclass_fields__ if name in stored}
        until = own.get("until")
        return cls(**{**own, "until": datetime.fromisoformat(until) if until else None})


@dataclass(frozen=True)
class Picked:
    """One conversation of a selection, and the newest message that its person knew of; 0 for none."""

    id: int
    seen: int = 0
