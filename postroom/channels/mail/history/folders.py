"""Folders of mails, one a file: Maildir, and what people get who drag mails out of a program."""

import os
from collections.abc import Generator, Iterator
from dataclasses import dataclass
from pathlib import Path, PurePath
from urllib.parse import quote

from postroom.channels.mail.folder_names import SENT, purpose_of
from postroom.channels.mail.history.letters import Letter

_ENDINGS = (".eml", ".emlx", ".msg.eml")
_MAILDIR = ("cur", "new")


@dataclass(frozen=True)
class Folder:
    """A folder with all that is in it; a place is a file's name below it, quoted as in a URL."""

    path: Path

    def letters(self, *, after: str, largest: int) -> Generator[Letter, None, None]:
        """See `Archive`. In the order of the names, so that it can go on where it stopped."""
        for place, name in sorted((quote(os.fsencode(name)), name) for name in self._names()):
            if place > after:
                yield self._letter(name, place=place, largest=largest)

    def _names(self) -> Iterator[str]:
        for path in self.path.rglob("*"):
            name = str(path.relative_to(self.path))
            if is_mail(name, within=self.path.name) and path.is_file():
                yield name

    def _letter(self, name: str, *, place: str, largest: int) -> Letter:
        path = self.path / name
        if path.stat().st_size > largest:
            return Letter(None, place)
        return Letter(unwrapped(name, path.read_bytes()), place, sent=is_sent(name))


@dataclass(frozen=True)
class OneMail:
    """A single mail in a file of its own."""

    path: Path

    def letters(self, *, after: str, largest: int) -> Generator[Letter, None, None]:
        """See `Archive`."""
        if not after:
            whole = self.path.stat().st_size <= largest
            yield Letter(unwrapped(self.path.name, self.path.read_bytes()) if whole else None, "1")


def is_mail(name: str, *, within: str = "") -> bool:
    """Tell by its name whether a file holds a mail: it ends like one, or lies in a Maildir's `cur` or `new`."""
    path = PurePath(within) / name
    if any(part.startswith("._") or part == "__MACOSX" for part in path.parts):
        return False
    if path.suffix.lower() in _ENDINGS:
        return True
    return path.parent.name in _MAILDIR and not path.name.startswith(".")


def is_sent(name: str) -> bool:
    """Tell whether one of the folders on the way to it is called like one for sent mail."""
    # Maildir++ writes ".INBOX.Sent" for Sent in INBOX.
    folders = (part for folder in PurePath(name).parts[:-1] for part in folder.split("."))
    return any(purpose_of(part) == SENT for part in folders)


def unwrapped(name: str, raw: bytes) -> bytes:
    """Take off what Apple Mail puts around a mail: its length before, a property list behind."""
    if not name.lower().endswith(".emlx"):
        return raw
    first, _newline, rest = raw.partition(b"\n")
    return rest[: int(first)] if first.strip().isdigit() and len(first) < 12 else raw
