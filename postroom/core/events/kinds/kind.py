"""What every kind of event has."""

from dataclasses import dataclass
from typing import ClassVar

from django.utils.functional import Promise

KINDS: dict[str, type["Kind"]] = {}


@dataclass(frozen=True)
class Kind:
    """What an event says: `sentence` follows the actor's name; `personal` fields go when a person is erased."""

    name: ClassVar[str]
    sentence: ClassVar[str | Promise]
    personal: ClassVar[frozenset[str]] = frozenset()

    def __init_subclass__(cls) -> None:
        KINDS[cls.name] = cls
