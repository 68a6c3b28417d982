"""What somebody wrote above, between or below a letter of ours that they answer, and nothing of the letter itself."""

import re
from dataclasses import dataclass

from postroom.channels.mail.parsed import Parsed
from postroom.channels.mail.quotes import split_reply
from postroom.core.conversations.answering_by_mail import ANSWER_LINE
from postroom.core.conversations.models import Message
from postroom.core.conversations.newest_words import said_now

NOTE = "note"
CLOSE = "close"
_COMMANDS = (NOTE, CLOSE)
_COMMAND = re.compile(r"#([a-z]{1,20}):?(?:[ \t]+(.*))?", re.IGNORECASE)
_QUOTE_SIGNS = re.compile(r"^[ \t]{0,3}(?:>[ \t]?)+")
# Our own address of this letter opens a door: it goes to nobody else.
_SIGNED = re.compile(r"\+a\d{1,18}\.[0-9a-f]{16}(?=@)", re.IGNORECASE)
# Outlook draws one above the history.
_RULE = re.compile(r"\n[ \t]*[_-]{10,}[ \t]*\Z")
# Stands above the text, so that a mail of nothing but history is seen to be that.
_TOP = "\u2060answer\u2060"


@dataclass(frozen=True)
class Answer:
    """The words, and the command of their first line ("" for a plain reply). `unknown` is a command that is none."""

    text: str
    command: str = ""
    unknown: str = ""


def answer_in(parsed: Parsed, *, about: Message | None, address: str) -> Answer:
    """Return what was written; `about` is the customer's mail that stood in the letter, `address` the letter's sender.

    Answers between the lines keep those of the customer's lines that they answer; lines of the letter itself never
    go on.
    """
    text = _SIGNED.sub("", parsed.text)
    lines, written = _marked(text)
    end = _end_of_answer(text, lines, written, address=address)
    known = " ".join(said_now(about).split()) if about is not None else ""
    last = max((index for index in range(end) if written[index] and lines[index].strip()), default=-1)
    kept = [
        line if written[index] else f"> {_QUOTE_SIGNS.sub('', line).strip()}"
        for index, line in enumerate(lines[: last + 1])
        if written[index] or _is_of(line, known)
    ]
    return _commanded(_RULE.sub("", "\n".join(kept).strip()).strip())


def _marked(text: str) -> tuple[list[str], list[bool]]:
    """Return the lines, and of each whether it was written now."""
    lines, written = list[str](), list[bool]()
    for piece in split_reply(f"{_TOP}\n\n{text}").pieces:
        found = piece.text.split("\n")
        lines += found
        written += [not piece.quoted] * len(found)
    return lines[2:], written[2:]


def _end_of_answer(text: str, lines: list[str], written: list[bool], *, address: str) -> int:
    """Return where the letter begins whose quote was not seen to be one, by the line that stands on top of it."""
    found = ANSWER_LINE.search(text)
    at = text.count("\n", 0, found.start()) if found else len(lines)
    if at >= len(lines) or not written[at]:
        return len(lines)
    # Above it stands who wrote the letter and when, in words that are not known here.
    above = at
    while above and not lines[above - 1].strip():
        above -= 1
    start = above
    while start and lines[start - 1].strip():
        start -= 1
    return start if _introduces(lines[start:above], address=address) else at


def _introduces(lines: list[str], *, address: str) -> bool:
    """Tell whether a paragraph says who wrote what stands below it: "Postroom wrote:", or From, To and Subject."""
    words = "\n".join(lines)
    named = "Postroom" in words or (bool(address) and address.lower() in words.lower())
    return named and (words.rstrip().endswith(":") or all(":" in line for line in lines))


def _is_of(line: str, known: str) -> bool:
    words = " ".join(_QUOTE_SIGNS.sub("", line).split())
    return bool(words) and words in known


def _commanded(text: str) -> Answer:
    first, _end, rest = text.partition("\n")
    found = _COMMAND.fullmatch(first.strip())
    if found is None:
        return Answer(text)
    name, more = found[1].lower(), (found[2] or "").strip()
    if name in _COMMANDS:
        return Answer(f"{more}\n{rest}".strip(), command=name)
    # "#42 is yours" and "#sale starts today" are words; a word alone is a command with a slip of the finger.
    return Answer(text) if more else Answer(text, unknown=found[1])
