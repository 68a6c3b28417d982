"""Part what somebody writes now from the history quoted with it: folded, never cut."""

import re
from dataclasses import dataclass

from postroom.channels.mail.quote_html import fold_quotes
from postroom.channels.mail.quote_marks import (
    attribution_length,
    header_block_length,
    is_forward_mark,
    is_original_mark,
)
from postroom.channels.mail.subjects import is_forward_subject

__all__ = ["Piece", "Reply", "fold_quotes", "split_reply"]

_QUOTED = re.compile(r"[ \t]{0,3}>")


@dataclass(frozen=True, slots=True)
class Piece:
    """Lines in their order; `quoted` lines are history."""

    text: str
    quoted: bool


@dataclass(frozen=True, slots=True)
class Reply:
    """A mail's text in pieces; joined by line ends they are the text again."""

    pieces: tuple[Piece, ...]

    @property
    def shown(self) -> str:
        """What the sender wrote."""
        return "\n".join(piece.text for piece in self.pieces if not piece.quoted).strip("\n")

    @property
    def folded(self) -> str:
        """The history."""
        return "\n".join(piece.text for piece in self.pieces if piece.quoted)


def split_reply(text: str, *, subject: str = "") -> Reply:
    """Return what is new and what is quoted, line by line; a text that would be nothing but quote is shown whole.

    `subject` tells a forwarded mail ("Fwd: …"), which is no quote.
    """
    lines = text.split("\n")
    quoted = _mark(lines, forwarded=is_forward_subject(subject))
    if all(mark or not line.strip() for mark, line in zip(quoted, lines, strict=True)):
        quoted = [False] * len(lines)
    pieces: list[Piece] = []
    start = 0
    for index in range(1, len(lines) + 1):
        if index == len(lines) or quoted[index] != quoted[start]:
            pieces.append(Piece(text="\n".join(lines[start:index]), quoted=quoted[start]))
            start = index
    return Reply(pieces=tuple(pieces))


def _mark(lines: list[str], *, forwarded: bool) -> list[bool]:
    quoted = [False] * len(lines)
    index = 0
    while index < len(lines):
        if is_forward_mark(lines[index]):
            break  # a forwarded mail is what the sender wants us to read
        if not forwarded and (is_original_mark(lines[index]) or header_block_length(lines, index)):
            quoted[index:] = [True] * (len(lines) - index)
            break
        if _QUOTED.match(lines[index]):
            quoted[index] = True
        elif length := attribution_length(lines, index):
            after = _next_words(lines, index + length)
            if after is None or _QUOTED.match(lines[after]) or not any(map(_QUOTED.match, lines[after:])):
                until = len(lines) if after is None or not _QUOTED.match(lines[after]) else after
                quoted[index:until] = [True] * (until - index)
                index = until
                continue
        index += 1
    _close_gaps(lines, quoted)
    return quoted


def _next_words(lines: list[str], index: int) -> int | None:
    return next((i for i in range(index, len(lines)) if lines[i].strip()), None)


def _close_gaps(lines: list[str], quoted: list[bool]) -> None:
    """Blank lines between two quoted ones belong to the quote."""
    last = -1
    for index, line in enumerate(lines):
        if quoted[index]:
            if last >= 0 and not any(text.strip() for text in lines[last + 1 : index]):
                quoted[last + 1 : index] = [True] * (index - last - 1)
            last = index
        elif line.strip():
            last = -1
