"""A zip of mails or of mboxes, as takeouts and other programs' exports give it."""

import zipfile
import zlib
from collections.abc import Generator, Iterator
from dataclasses import dataclass
from pathlib import Path

from postroom.channels.mail.history.folders import is_mail, is_sent, unwrapped
from postroom.channels.mail.history.letters import Letter, NotAnArchive
from postroom.channels.mail.history.mbox import letters_of

# Before the offset in an mbox inside; no name has one, and every database takes it.
_AT = "\x1f"


@dataclass(frozen=True)
class Zip:
    """A zip file; a place is a name in it, for an mbox with the offset up to which it is done."""

    path: Path

    def letters(self, *, after: str, largest: int) -> Generator[Letter, None, None]:
        """See `Archive`. What an entry claims of its size is not believed: reading stops at the largest mail."""
        name, _at, offset = after.partition(_AT)
        try:
            with zipfile.ZipFile(self.path) as archive:
                for entry in sorted(set(archive.namelist())):
                    if entry > name or (entry == name and offset):
                        done = int(offset or 0) if entry == name else 0
                        yield from _entry(archive, entry, done=done, largest=largest)
        except (zipfile.BadZipFile, NotImplementedError, RuntimeError) as error:
            raise NotAnArchive(str(error)) from error


def is_mbox(name: str) -> bool:
    """Tell by its name whether an entry is an mbox."""
    return name.lower().endswith((".mbox", "/mbox", ".mbx"))


def _entry(archive: zipfile.ZipFile, name: str, *, done: int, largest: int) -> Iterator[Letter]:
    if name.endswith("/"):
        return
    if is_mbox(name):
        yield from _mbox(archive, name, done=done, largest=largest)
    elif is_mail(name):
        yield _mail(archive, name, largest=largest)


def _mail(archive: zipfile.ZipFile, name: str, *, largest: int) -> Letter:
    try:
        with archive.open(name) as file:
            raw = file.read(largest + 1)
    except (zipfile.BadZipFile, zlib.error, EOFError):
        return Letter(None, name)
    return Letter(unwrapped(name, raw) if len(raw) <= largest else None, name, sent=is_sent(name))


def _mbox(archive: zipfile.ZipFile, name: str, *, done: int, largest: int) -> Iterator[Letter]:
    sent = is_sent(f"{name.rpartition('.')[0]}/mbox")
    try:
        with archive.open(name) as file:
            file.seek(done)
            for letter in letters_of(file, start=done, largest=largest):
                yield Letter(letter.raw, f"{name}{_AT}{letter.place}", sent=sent)
    except (zipfile.BadZipFile, zlib.error, EOFError):
        yield Letter(None, f"{name}{_AT}{2**62}")
