"""What kind of mail this is, and the reason a support engineer can point at."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal

from postroom.channels.mail.parsed import Parsed
from postroom.channels.mail.triage.automatic import is_automatic
from postroom.channels.mail.triage.bounce import Bounce, is_bounce, read_bounce
from postroom.channels.mail.triage.bulk import is_bulk
from postroom.channels.mail.triage.loop import is_looping
from postroom.channels.mail.triage.outcome import Outcome
from postroom.channels.mail.triage.receipt import is_report
from postroom.channels.mail.triage.sign import Sign
from postroom.core.conversations.automatic import DELAY

Kind = Literal["person", "auto", "bounce", "bulk", "loop"]


@dataclass(frozen=True, slots=True)
class Triage:
    """The kind of a mail and why; `bounce` is filled for bounces.

    `automatic` is a code of postroom.core.conversations.automatic, as `Message.automatic` keeps it, "" for a person's
    mail; `reason` the header that says so, as it came. Not `sure`: words alone say so.
    """

    kind: Kind
    reason: str = ""
    bounce: Bounce | None = None
    automatic: str = ""
    sure: bool = True


# In this order: the first that gives a sign decides.
CHECKS: tuple[tuple[Kind, Callable[[Parsed], Sign | None]], ...] = (
    ("loop", is_looping),
    ("bounce", is_bounce),
    ("auto", is_report),
    ("auto", is_automatic),
    ("bulk", is_bulk),
)


def classify(parsed: Parsed) -> Triage:
    """Return what kind of mail this is."""
    for kind, check in CHECKS:
        sign = check(parsed)
        if sign is None:
            continue
        bounce = read_bounce(parsed) if kind == "bounce" else None
        automatic = DELAY if bounce and not bounce.permanent else sign.automatic
        return Triage(kind, sign.by, bounce, automatic, sign.sure)
    return Triage(kind="person")


__all__ = ["CHECKS", "Bounce", "Kind", "Outcome", "Triage", "classify"]
