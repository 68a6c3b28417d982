"""What kind of mail this is, and the reason a support engineer can point at."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal

from postroom.channels.mail.parsed import Parsed
from postroom.channels.mail.triage.automatic import is_automatic_reply
from postroom.channels.mail.triage.bounce import Bounce, is_bounce, read_bounce
from postroom.channels.mail.triage.bulk import is_bulk
from postroom.channels.mail.triage.loop import is_looping

Kind = Literal["person", "auto", "bounce", "bulk", "loop"]


@dataclass(frozen=True, slots=True)
class Triage:
    """The kind of a mail and why; `bounce` is filled for bounces."""

    kind: Kind
    reason: str = ""
    bounce: Bounce | None = None
    # A code of postroom.core.conversations.automatic, as `Message.automatic` keeps it; "" for a person's mail.
    automatic: str = ""


# In this order: the first that gives a reason decides.
CHECKS: tuple[tuple[Kind, Callable[[Parsed], str | None]], ...] = (
    ("loop", is_looping),
    ("bounce", is_bounce),
    ("auto", is_automatic_reply),
    ("bulk", is_bulk),
)


def classify(parsed: Parsed) -> Triage:
    """Return what kind of mail this is."""
    for kind, check in CHECKS:
        reason = check(parsed)
        if reason:
            return Triage(kind=kind, reason=reason, bounce=read_bounce(parsed) if kind == "bounce" else None)
    return Triage(kind="person")


__all__ = ["CHECKS", "Bounce", "Kind", "Triage", "classify"]
