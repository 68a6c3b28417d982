"""Part what somebody writes now from the history quoted with it: folded, never cut."""

import re
from dataclasses import dataclass

from postroom.channels.mail.quote_html import fold_quotes
from postroom.channels.mail.quote_marks import (
    attribution,
    header_block_length,
    is_forward_mark,
    is_list_footer,
    is_original_mark,
)
from postroom.channels.mail.subjects import is_forward_subject

__all__ = ["Piece", "Reply", "fold_quotes", "split_reply"]

_FOOTER = re.compile(r"[ \t]*(?:--[ \t]*|_{15,}[ \t]*)$")
MAX_LINES = 10_000  # whoever writes more sends a log file, not an answer
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
    quoted = _mark(lines[:MAX_LINES], forwarded=is_forward_subject(subject))
    quoted += [_QUOTED.match(line) is not None for line in lines[MAX_LINES:]]
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
    """Tell of each line whether it is history."""
    quoted = [False] * len(lines)
    first = _next_words(lines, 0)
    last_sign = max((at for at, line in enumerate(lines) if _QUOTED.match(line)), default=-1)
    index = first or 0
    while index < len(lines):
        line = lines[index]
        if is_forward_mark(line):
            break  # a forwarded mail is what the sender wants us to read
        if _QUOTED.match(line):
            quoted[index] = True
        elif index != first and _history_starts(lines, index, forwarded=forwarded):
            quoted[index:] = [True] * (len(lines) - index)
            break
        elif until := _attributed(lines, index, last_sign=last_sign, may_end=index != first):
            quoted[index:until] = [True] * (until - index)
            index = until
            continue
        index += 1
    _close_gaps(lines, quoted)
    _fold_footer(lines, quoted)
    return quoted


def _history_starts(lines: list[str], index: int, *, forwarded: bool) -> bool:
    """Tell whether everything from here on is history, given that something is written above."""
    if is_list_footer(lines, index):
        return True
    return not forwarded and (is_original_mark(lines[index]) or header_block_length(lines, index) > 0)


def _attributed(lines: list[str], index: int, *, last_sign: int, may_end: bool) -> int:
    """Return where the lines end that an attribution at this line makes history, 0 when there is none.

    `last_sign` is the last line with a quote sign; `may_end` says that words stand above, which the history may follow.
    """
    found = attribution(lines, index)
    if found is None:
        return 0
    end = index + found.length
    after = _next_words(lines, end)
    if after is None:
        return len(lines)
    if _QUOTED.match(lines[after]):
        return after
    # Without any quote sign the program quotes without them; with some, what follows here is an answer.
    return len(lines) if found.sure and may_end and last_sign < end else 0


def _next_words(lines: list[str], index: int) -> int | None:
    return next((i for i in range(index, len(lines)) if lines[i].strip()), None)


def _close_gaps(lines: list[str], quoted: list[bool]) -> None:
    """Blank lines between two quoted ones belong to the quote, and so does the wrapped end of a long quoted line."""
    last = -1
    for index in range(len(lines)):
        if quoted[index]:
            blank = not any(line.strip() for line in lines[last + 1 : index])
            if last >= 0 and (blank or _is_wrapped(lines, last, index)):
                quoted[last + 1 : index] = [True] * (index - last - 1)
            last = index


def _is_wrapped(lines: list[str], last: int, index: int) -> bool:
    loose = lines[last + 1 : index]
    return len(loose) == 1 and len(lines[last]) >= 60 and loose[0][:1].islower() and len(loose[0]) <= 60


def _fold_footer(lines: list[str], quoted: list[bool]) -> None:
    """What stands below the quote and starts with a rule is the small print of a company or a list."""
    last = max((index for index, mark in enumerate(quoted) if mark), default=None)
    first = _next_words(lines, last + 1) if last is not None else None
    if first is not None and _FOOTER.match(lines[first]):
        quoted[first:] = [True] * (len(lines) - first)
