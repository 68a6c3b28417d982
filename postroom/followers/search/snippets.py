"""The stretch of a message in which somebody finds what they looked for, with the matches told apart."""

import re
from collections.abc import Iterator, Sequence
from functools import lru_cache
from itertools import pairwise
from typing import Any

from django.db.models import QuerySet

from postroom.core.conversations.condition.words import Piece, Term
from postroom.core.conversations.models import Attachment, Message
from postroom.followers.search.asked import Way, ways_of
from postroom.followers.search.document import people_of
from postroom.followers.search.folding import fold
from postroom.followers.search.models import FileText
from postroom.lib.prepared import prepared

_LENGTH = 180
# What is shown before the first match.
_BEFORE = 40
_MOST_LETTERS = 60_000
_SIGNS = r"[\W_]{0,3}"
_UMLAUTS = re.compile("([aou])e")
_Spans = list[tuple[int, int, int]]


def snippets(message_ids: Sequence[int], terms: Sequence[Term]) -> dict[int, tuple[Piece, ...]]:
    """Return for each message the best stretch of its text, or else of its subject, people or files.

    A message without a match has none. The caller has asked who may see them.
    """
    patterns = tuple(pattern for ways in ways_of(terms) if (pattern := _pattern(ways)) is not None)
    if not patterns:
        return {}
    result: dict[int, tuple[Piece, ...]] = {}
    for pk, text, *titles, from_name, from_email, to, cc in _said(list(message_ids)) if message_ids else ():
        people = [" ".join(one) for one in ((from_name, from_email), *people_of(to), *people_of(cc))]
        for candidate in (text, *titles, ", ".join(people)):
            if found := _cut(candidate[:_MOST_LETTERS], patterns):
                result[pk] = found
                break
    return result | _in_files([pk for pk in message_ids if pk not in result], patterns)


def _in_files(message_ids: list[int], patterns: Sequence[re.Pattern[str]]) -> dict[int, tuple[Piece, ...]]:
    rows = [(pk, name, digest) for pk, name, digest in _named(message_ids) if pk] if message_ids else []
    texts = dict(FileText.objects.filter(pk__in=[one[2] for one in rows]).values_list("pk", "text")) if rows else {}
    result: dict[int, tuple[Piece, ...]] = {}
    for pk, name, digest in rows:
        if pk not in result and (found := _cut(f"{name}: {texts.get(digest, '')[:_MOST_LETTERS]}", patterns)):
            result[pk] = found
    return result


@prepared
def _said(message_ids: list[int]) -> "QuerySet[Message, tuple[Any, ...]]":
    return Message.objects.filter(pk__in=message_ids, retracted_at=None).values_list(
        "pk", "text", "subject", "conversation__subject", "from_name", "from_email", "to", "cc"
    )


@prepared
def _named(message_ids: list[int]) -> "QuerySet[Attachment, tuple[int | None, str, str]]":
    files = Attachment.objects.filter(message__in=message_ids, message__retracted_at=None).order_by("pk")
    return files.values_list("message_id", "name", "digest")


def _cut(text: str, patterns: Sequence[re.Pattern[str]]) -> tuple[Piece, ...]:
    text = " ".join(text.split())
    spans = _spans(text, patterns)
    if not spans:
        return ()
    start, end = _window(text, spans)
    pieces = [Piece("… ")] if start else []
    at = start
    for first, last, _which in spans:
        if last <= at or first >= end:
            continue
        if max(first, at) > at:
            pieces.append(Piece(text[at:first]))
        pieces.append(Piece(text[max(first, at) : min(last, end)], matched=True))
        at = min(last, end)
    if at < end:
        pieces.append(Piece(text[at:end]))
    return (*pieces, Piece(" …")) if end < len(text) else tuple(pieces)


def _window(text: str, spans: _Spans) -> tuple[int, int]:
    """Return where the stretch begins and ends that has most of what was asked for, at the ends of words."""
    room = _LENGTH - _BEFORE
    best = max(spans[:200], key=lambda one: (len({w for f, _l, w in spans if one[0] <= f < one[0] + room}), -one[0]))
    start = max(0, best[0] - _BEFORE)
    if start:
        blank = text.find(" ", start, best[0])
        start = blank + 1 if blank >= 0 else start
    end = min(len(text), start + _LENGTH)
    if end < len(text):
        blank = text.rfind(" ", max(best[1], start), end)
        end = blank if blank >= 0 else end
    return start, end


def _spans(text: str, patterns: Sequence[re.Pattern[str]]) -> _Spans:
    """Return where in the text the matches are, in order: first letter, one after the last, of which pattern."""
    folded, places = _folded(text)
    found = [
        (places[match.start()], places[match.end() - 1] + 1, which) if places else (match.start(), match.end(), which)
        for which, pattern in enumerate(patterns)
        for match in pattern.finditer(folded)
        if match.end() > match.start()
    ]
    return sorted(found)


def _folded(text: str) -> tuple[str, list[int]]:
    """Return the text folded, and for each of its letters where it comes from; nothing where that is plain."""
    if text.isascii():
        return text.lower(), []
    letters: list[str] = []
    places: list[int] = []
    for at, letter in enumerate(text):
        for one in _fold_letter(letter):
            letters.append(one)
            places.append(at)
    return "".join(letters), places


@lru_cache(maxsize=4096)
def _fold_letter(letter: str) -> str:
    # An accent by itself belongs to the letter before it.
    return fold(letter)


def _pattern(ways: Sequence[Way]) -> re.Pattern[str] | None:
    parts = [part for way in ways if (part := _way(way))]
    # The longest first: the first that fits is taken.
    return re.compile("|".join(sorted(parts, key=len, reverse=True))) if parts else None


def _way(way: Way) -> str:
    words = [word for word in way.words if not "\ue000" <= word[:1] <= "\uf8ff"]
    if not words:
        return ""
    whole = "".join(_unfolded_pairs(words)) if _is_unspaced(words) else _SIGNS.join(map(_letters, words))
    if _is_unspaced(words):
        return whole
    end = r"\w*" if way.begins else r"(?!\w)"
    return rf"(?<!\w){whole}{end}"


def _unfolded_pairs(words: Sequence[str]) -> Iterator[str]:
    """Return the pairs of a script without spaces as what was typed: each pair adds its last sign."""
    for place, word in enumerate(words):
        yield re.escape(word if not place else word[-1])


def _is_unspaced(words: Sequence[str]) -> bool:
    """Tell whether these are the pairs of one stretch: each begins with the end of the one before."""
    if words[0].isascii() or len(words[0]) > 2:
        return False
    return all(len(word) == 2 and word[0] == before[-1] for before, word in pairwise(words))


def _letters(word: str) -> str:
    """Return a word as a pattern: numbers may be grouped, umlauts be written as one letter."""
    if word.isdecimal() and len(word) >= 5:
        return r"[-./,: ]?".join(word)
    return _UMLAUTS.sub(lambda pair: f"{pair[1]}e?", re.escape(word))
