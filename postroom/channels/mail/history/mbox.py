"""mbox, in the dialects there are (RFC 4155): Unix, Thunderbird, Apple Mail, Google Takeout."""

import re
from collections.abc import Generator, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import IO

from postroom.channels.mail.history.letters import Letter

# "From ", something, and a year: what a person writes at the beginning of a line hardly looks like it.
_BEGINNING = re.compile(rb"From \S.*\b(19|20)\d\d\b")
_FIELD = re.compile(rb"[!-9;-~]+[ \t]*:|>+From ")
_QUOTED = re.compile(rb"^>(>*From )", re.MULTILINE)
_LONGEST_LINE = 1024 * 1024


@dataclass(frozen=True)
class Mbox:
    """One file of mails; a place is the offset where the next one begins."""

    path: Path

    def letters(self, *, after: str, largest: int) -> Generator[Letter, None, None]:
        """See `Archive`. The file is read once from there to its end, one mail in memory at a time."""
        with self.path.open("rb") as file:
            file.seek(int(after or 0))
            yield from letters_of(file, start=int(after or 0), largest=largest)


def looks_like_mbox(beginning: bytes) -> bool:
    """Tell it from a single mail by its first line."""
    return bool(_BEGINNING.match(beginning.lstrip(b"\r\n\xef\xbb\xbf")))


def letters_of(file: IO[bytes], *, start: int, largest: int) -> Iterator[Letter]:
    """Give the mails of an open file, which stands at the offset `start`."""
    lines: list[bytes] = []
    size, blank, begun = 0, True, False
    for offset, line, following in _lines(file, start):
        if blank and _BEGINNING.match(line) and _is_head(following):
            if begun:
                yield _letter(lines, size, place=offset, largest=largest)
            lines, size, begun, blank = [], 0, True, False
            continue
        begun = begun or bool(line.strip())
        size += len(line)
        if size <= largest:
            lines.append(line)
        blank = line in (b"\n", b"\r\n")
        start = offset + len(line)
    if begun:
        yield _letter(lines, size, place=start, largest=largest)


def _lines(file: IO[bytes], start: int) -> Iterator[tuple[int, bytes, bytes]]:
    """Give each line with its offset and the line after it; without seeking, which costs a zip all it has read."""
    offset, line = start, file.readline(_LONGEST_LINE)
    while line:
        following = file.readline(_LONGEST_LINE)
        yield offset, line, following
        offset, line = offset + len(line), following


def _is_head(following: bytes) -> bool:
    """Tell whether what follows begins like a mail."""
    return not following.strip() or bool(_FIELD.match(following))


def _letter(lines: list[bytes], size: int, *, place: int, largest: int) -> Letter:
    if size > largest:
        return Letter(None, str(place))
    # The blank line before the next mail is the archive's.
    if lines and lines[-1] in (b"\n", b"\r\n"):
        lines.pop()
    return Letter(_QUOTED.sub(rb"\1", b"".join(lines)), str(place))
