"""Who does things here: a person who signed in, a customer, or Postroom itself."""

from dataclasses import dataclass
from typing import Protocol


class Actor(Protocol):
    """Anybody a verb can be done `by=`. User and Contact are actors, and so is SYSTEM."""

    @property
    def actor_kind(self) -> str: ...

    @property
    def actor_id(self) -> int | None: ...


@dataclass(frozen=True)
class System:
    """Postroom itself: deliveries, clocks, set-up."""

    actor_kind: str = "system"
    actor_id: int | None = None


SYSTEM = System()
