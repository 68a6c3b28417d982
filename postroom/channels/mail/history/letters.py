"""One mail of an archive, and where the reading goes on after it."""

from collections.abc import Generator
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol


@dataclass(frozen=True)
class Letter:
    """`raw` is None for a mail that was passed over (too large, broken off); `place` is where it ends.

    `sent`: it lay in a folder for sent mail. `arrived` is what the archive itself says of the time.
    """

    raw: bytes | None
    place: str
    sent: bool = False
    arrived: datetime | None = None


class Archive(Protocol):
    """Something that mails can be read from, in the same order each time."""

    def letters(self, *, after: str, largest: int) -> Generator[Letter, None, None]:
        """Give the mails that come after this place ("": from the beginning); OSError when it cannot be read."""
        ...


class NotAnArchive(Exception):
    """This cannot be taken in; the sentence says why."""
