"""Texts taken apart into the words that are indexed and asked for."""

import re
from collections.abc import Iterator

from postroom.followers.search.folding import fold, may_be_spelled_out, spelled_out

LONGEST = 64

# What a word has beside letters and digits: vowels that are marks (Indian, Thai, Burmese, Khmer), Japanese voicing.
_MARKS = (
    "\u0900-\u0903\u093a-\u094f\u0951-\u0957\u0962\u0963\u0981-\u0983\u09bc-\u09cd\u0a01-\u0a03\u0a3c-\u0a4d\u0a81-\u0a83"
    "\u0abc-\u0acd\u0b01-\u0b03\u0b3c-\u0b57\u0b82\u0bbe-\u0bcd\u0c00-\u0c04\u0c3e-\u0c56\u0c81-\u0c83\u0cbc-\u0cd6"
    "\u0d00-\u0d03\u0d3b-\u0d4d\u0d81-\u0d83\u0dca-\u0ddf\u0e31\u0e34-\u0e3a\u0e47-\u0e4e\u0eb1\u0eb4-\u0ebc\u0ec8-\u0ece"
    "\u0f71-\u0f84\u102b-\u103e\u17b4-\u17d3\u3099\u309a"
)
_LETTER = rf"(?:[^\W_]|[{_MARKS}])"
# Pictures are words of one sign.
_PICTURE = "[\u2600-\u27bf\U0001f000-\U0001faff]"
WORD = re.compile(rf"{_LETTER}+|{_PICTURE}")
_PLAIN_WORD = re.compile("[a-z0-9]+")
# Scripts without spaces between words: Chinese, Japanese, Thai, Lao, Burmese, Khmer.
_UNSPACED = re.compile(
    "([\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3005-\u3007\u3040-\u30ff\u31f0-\u31ff\u3400-\u4dbf\u4e00-\u9fff"
    "\U00020000-\U0003ffff]+)"
)
# Words that one sign joins: e-mail, don't, INV-2024-001, 1,234.56, U.S.A.
# Only from the beginning of a word on, and without going back: a line of Base64 is one word of a million letters.
_JOINED = re.compile(rf"(?<![^\W_])(?<![{_MARKS}]){_LETTER}++(?:[-'’‐‑./,:_]{_LETTER}++)++")
# 4,711.00 is 4711, too.
_AMOUNT = re.compile(r"[0-9]{1,3}(?:[.,'’][0-9]{3})+[.,][0-9]{2}")
_WRITTEN_TOGETHER = re.compile(r"[-'’‐‑_]")
_GROUPED_DIGITS = re.compile(r"(?<![\w.,/-])[0-9]{1,4}(?: [0-9]{2,4}){1,8}(?![\w/-])")


def words_of(text: str) -> tuple[list[str], list[str]]:
    """Return the words in their places, and those that are written otherwise as well: both are found."""
    folded = fold(text)
    if folded.isascii():
        return [word[:LONGEST] for word in _PLAIN_WORD.findall(folded)], list(_otherwise(text, folded))
    in_place = [word for match in WORD.finditer(folded) for word in _parts(match[0])]
    return in_place, list(_otherwise(text, folded))


def asked_words(word: str) -> tuple[list[str], list[str], bool]:
    """Take a question's word apart: its parts beside each other; other ways to write it; whether it may go on.

    A word may go on ("invo" finds "invoice") unless it ends in a script without spaces, where a part is found anyhow.
    """
    folded = fold(word)
    parts: list[str] = []
    goes_on = True
    for match in WORD.finditer(folded):
        found = list(_parts(match[0]))
        goes_on = len(match[0]) == 1 or not _UNSPACED.match(match[0][-1])
        # Only the message knows what follows: there the last sign is by itself at the end of a stretch.
        parts += found if goes_on else found[:-1]
    others = dict.fromkeys(other for other in _otherwise(word, folded) if [other] != parts)
    return parts, list(others), goes_on


def is_unspaced(word: str) -> bool:
    """Tell whether a word is of a script without spaces, which is indexed two signs at a time."""
    return _UNSPACED.fullmatch(word) is not None


def _parts(word: str) -> Iterator[str]:
    """Split a word where it changes into a script without spaces; of that, every two signs and the last one."""
    if word.isascii() or not _UNSPACED.search(word):
        yield word[:LONGEST]
        return
    for piece in _UNSPACED.split(word):
        if piece and _UNSPACED.fullmatch(piece):
            for at in range(len(piece)):
                yield piece[at : at + 2]
        elif piece:
            yield piece[:LONGEST]


def _otherwise(text: str, folded: str) -> Iterator[str]:
    for match in _JOINED.finditer(folded):
        together = _together(match[0])
        if together:
            yield together[:LONGEST]
        if _AMOUNT.fullmatch(match[0]):
            yield together[:-2]
    for match in _GROUPED_DIGITS.finditer(folded):
        digits = match[0].replace(" ", "")
        if 5 <= len(digits) <= 20:
            yield digits
    if may_be_spelled_out(text):
        for match in WORD.finditer(text):
            other = spelled_out(match[0])
            if other:
                yield other[:LONGEST]


def _together(joined: str) -> str:
    """Return joined words as one, where people write them so: numbers, e-mail, U.S.A.; "" for hosts and the like."""
    pieces = WORD.findall(joined)
    whole = "".join(pieces)
    if len(pieces) > 8 or len(whole) > 40:
        return ""
    has_digit = any(sign.isdecimal() for sign in whole)
    signs = set(re.sub(WORD, "", joined))
    if has_digit or all(len(piece) == 1 for piece in pieces):
        return whole
    return whole if all(_WRITTEN_TOGETHER.match(sign) for sign in signs) else ""
