"""What stands at the end of a mail by itself: signatures, lines of mobile programs, legal notices."""

import re

from postroom.channels.mail.quote_ends_words import ACTION, BESIDE, MOBILE, RECIPIENT, SECRET

SIGNATURE = "signature"
NOTICE = "notice"

# RFC 3676 section 4.3: two dashes and a blank; programs lose the blank.
_SEPARATOR = re.compile(r"[ \t]{0,2}(?:--|—|- -)[ \t]{0,2}\r?")
_MOST_LINES = 15  # of a signature; more is somebody's text below a rule
_MOST_PARAGRAPHS = 8
_LOOKED_AT = 4000
_SHORTEST_NOTICE = 100


def ends_of(lines: list[str], end: int) -> tuple[int, int]:
    """Return where the signature and where the legal notice start in the words before `end`; `end` for none.

    The signature ends where the notice starts. Nothing is found when no words would stay above.
    """
    notice = _notice_start(lines, end)
    signature = _signature_start(lines, notice)
    if any(line.strip() for line in lines[:signature]):
        return signature, notice
    return (notice, notice) if any(line.strip() for line in lines[:notice]) else (end, end)


def is_mobile_line(words: str) -> bool:
    """Tell whether the words are what a program adds to each mail, "Sent from my iPhone"."""
    return len(words) <= 200 and MOBILE.fullmatch(words.strip()) is not None


def is_notice(words: str, *, below: bool = False) -> bool:
    """Tell whether a paragraph is a legal notice; `below` another one it needs less to be believed."""
    words = words[:_LOOKED_AT]
    groups = sum(pattern.search(words) is not None for pattern in (SECRET, RECIPIENT, ACTION))
    if below and (groups or BESIDE.search(words)):
        return len(words) >= 30
    return groups >= 2 and len(words) >= _shortest(words)


def is_beside_notice(words: str) -> bool:
    """Tell whether it is what companies write next to their notices, about trees, viruses and registers."""
    return 30 <= len(words) <= _LOOKED_AT and BESIDE.search(words) is not None


def _shortest(words: str) -> int:
    return _SHORTEST_NOTICE if words.isascii() or not _is_dense(words) else _SHORTEST_NOTICE // 3


def _is_dense(words: str) -> bool:
    """Chinese and Japanese say as much in a third of the characters."""
    return sum("\u3040" <= sign <= "\u9fff" for sign in words[:200]) * 3 > len(words[:200])


def _notice_start(lines: list[str], end: int) -> int:
    """Walk up over the last paragraphs as long as they are boilerplate."""
    start = end
    for first, last in _paragraphs_upwards(lines, end):
        words = " ".join(line.strip() for line in lines[first:last])
        if is_notice(words, below=start < end):
            start = first
        elif not (_is_rule(words) or is_beside_notice(words)):
            break
    return start


def _paragraphs_upwards(lines: list[str], end: int) -> list[tuple[int, int]]:
    found: list[tuple[int, int]] = []
    last = end
    while last > 0 and len(found) < _MOST_PARAGRAPHS:
        while last > 0 and not lines[last - 1].strip():
            last -= 1
        first = last
        while first > 0 and lines[first - 1].strip() and last - first < 60:
            first -= 1
        if first == last:
            break
        found.append((first, last))
        last = first
    return found


def _is_rule(words: str) -> bool:
    return len(words) >= 3 and not words.strip("_-=*~ \t")


def _signature_start(lines: list[str], end: int) -> int:
    """Find the separator, or else the line of a mobile program at the very end."""
    filled = [index for index in range(max(0, end - 3 * _MOST_LINES), end) if lines[index].strip()][-_MOST_LINES - 1 :]
    separator = next((index for index in filled if _SEPARATOR.fullmatch(lines[index])), None)
    if separator is not None:
        return separator
    start = end
    for index in reversed(filled[-2:]):
        if not is_mobile_line(lines[index]):
            break
        start = index
    return start
