"""Part what somebody writes now from what goes with it, history, signature, legal notice: folded, never cut."""

import re
from dataclasses import dataclass

from postroom.channels.mail.quote_ends import NOTICE, SIGNATURE, ends_of
from postroom.channels.mail.quote_html import fold_quotes
from postroom.channels.mail.quote_marks import (
    attribution,
    header_block_length,
    is_forward_mark,
    is_list_footer,
    is_original_mark,
    may_attribute,
)
from postroom.channels.mail.quote_ranges import QUOTE
from postroom.channels.mail.subjects import is_forward_subject

__all__ = ["NOTICE", "QUOTE", "SIGNATURE", "WRITTEN", "Piece", "Reply", "fold_quotes", "split_reply"]

WRITTEN = ""

_FOOTER = re.compile(r"[ \t]*(?:--[ \t]*|_{15,}[ \t]*)$")
MAX_LINES = 10_000  # whoever writes more sends a log file, not an answer
_MAX_ATTRIBUTIONS = 1_000  # lines that are looked at closely; beyond, nothing is folded that has no quote sign
_QUOTED = re.compile(r"[ \t]{0,3}>")


@dataclass(frozen=True, slots=True)
class Piece:
    """Lines in their order; `kind` is WRITTEN, or what they are folded as: QUOTE, SIGNATURE or NOTICE."""

    text: str
    kind: str = WRITTEN

    @property
    def quoted(self) -> bool:
        """Whether the lines are history."""
        return self.kind == QUOTE


@dataclass(frozen=True, slots=True)
class Reply:
    """A mail's text in pieces; joined by line ends they are the text again."""

    pieces: tuple[Piece, ...]

    @property
    def shown(self) -> str:
        """What the sender sent with this mail, the signature included."""
        return "\n".join(piece.text for piece in self.pieces if not piece.quoted).strip("\n")

    @property
    def written(self) -> str:
        """What is in view before anything is unfolded."""
        return "\n".join(piece.text for piece in self.pieces if piece.kind == WRITTEN).strip("\n")

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
    rest = lines[MAX_LINES:]
    quoted += [bool(rest) and all(_QUOTED.match(line) for line in rest if line.strip())] * len(rest)
    if all(mark or not line.strip() for mark, line in zip(quoted, lines, strict=True)):
        quoted = [False] * len(lines)
    kinds = [QUOTE if mark else WRITTEN for mark in quoted]
    if len(lines) <= MAX_LINES and not is_forward_subject(subject):
        _mark_ends(lines, kinds)
    pieces: list[Piece] = []
    start = 0
    for index in range(1, len(lines) + 1):
        if index == len(lines) or kinds[index] != kinds[start]:
            pieces.append(Piece(text="\n".join(lines[start:index]), kind=kinds[start]))
            start = index
    return Reply(pieces=tuple(pieces))


def _mark_ends(lines: list[str], kinds: list[str]) -> None:
    """Find the signature and the notice at the end of the last words; a quote may follow them."""
    if any(is_forward_mark(line) for line in lines):
        return  # whose they would be, the sender's or those of the mail that is passed on, nobody can tell
    end = len(lines)
    while end and (kinds[end - 1] == QUOTE or not lines[end - 1].strip()):
        end -= 1
    begin = end
    while begin and kinds[begin - 1] == WRITTEN:
        begin -= 1
    signature, notice = ends_of(lines[begin:end], end - begin)
    if begin and not any(line.strip() for line in lines[begin : begin + signature]):
        return
    kinds[begin + signature : begin + notice] = [SIGNATURE] * (notice - signature)
    kinds[begin + notice : end] = [NOTICE] * (end - begin - notice)


def _mark(lines: list[str], *, forwarded: bool) -> list[bool]:
    """Tell of each line whether it is history."""
    quoted = [False] * len(lines)
    first = _next_words(lines, 0)
    last_sign = max((at for at, line in enumerate(lines) if _QUOTED.match(line)), default=-1)
    index = first or 0
    tries = _MAX_ATTRIBUTIONS
    while index < len(lines):
        line = lines[index]
        if is_forward_mark(line):
            break  # a forwarded mail is what the sender wants us to read
        if _QUOTED.match(line):
            quoted[index] = True
        elif index != first and _history_starts(lines, index, forwarded=forwarded):
            quoted[index:] = [True] * (len(lines) - index)
            break
        elif tries and may_attribute(lines, index):
            tries -= 1
            until = _attributed(lines, index, last_sign=last_sign, may_end=index != first)
            quoted[index:until] = [True] * (until - index)
            index = max(index, until - 1)
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
