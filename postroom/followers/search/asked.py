"""What was typed, as a question to the index."""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby

from postroom.core.conversations.condition.words import ANYWHERE, Term
from postroom.followers.search import marks
from postroom.followers.search.document import letters_of_id
from postroom.followers.search.tokens import asked_words, is_unspaced
from postroom.followers.search.vocabulary import going_on, in_about, is_counted

_MOST_WORDS = 16
_MOST_LETTERS = 500
# How many words that begin so are looked for: the most frequent. Both engines weigh each of them at every row.
MOST_ENDS = 48
_ENDS_OF_PHRASES = 8
_MESSAGE_ID = re.compile(r"<?[^\s<>@]+@[^\s<>@]+>?")
_FEW_DIGITS = re.compile("[0-9]{1,4}")


@dataclass(frozen=True)
class Way:
    """One way in which something may be written: words beside each other; `begins`: the last may go on."""

    words: tuple[str, ...]
    begins: bool = False

    def within(self, words: str) -> bool:
        """Tell whether an entry's words, with a space at both ends, hold it."""
        return f" {' '.join(self.words)}{'' if self.begins else ' '}" in words


@dataclass(frozen=True)
class Wanted:
    """Something that a message has to hold, in one of these ways.

    `ways` is for looking at single messages. The index is asked for `exact` phrases and for what begins with one of
    `beginnings`: a beginning with many ends is many words, of which `exact` has the most frequent.
    """

    ways: tuple[Way, ...]
    exact: tuple[tuple[str, ...], ...]
    beginnings: tuple[str, ...] = ()
    # In about how many messages it is, as far as anybody counted; None for what is not counted.
    about: int | None = None


def asked(terms: Sequence[Term]) -> tuple[Wanted, ...]:
    """Return what a message has to hold for all terms; what has no words (signs, blanks) asks for nothing."""
    found = [wanted for term in terms for wanted in _wanted(_ways_of_term(term), part=term.part)]
    return tuple(dict.fromkeys(found))[:_MOST_WORDS]


def ways_of(terms: Sequence[Term]) -> list[list[Way]]:
    """Return in which ways each thing that was asked for may be written, whatever part it was asked of."""
    return [ways for term in terms for ways in _ways_of_term(term) if ways][:_MOST_WORDS]


def _ways_of_term(term: Term) -> Iterable[list[Way]]:
    text = term.text[:_MOST_LETTERS]
    return [_phrase_ways(text)] if term.phrase else _ways_of_words(text.split(), part=term.part)


def _ways_of_words(words: Sequence[str], *, part: str) -> Iterator[list[Way]]:
    for few_digits, group in groupby(words, key=lambda word: _FEW_DIGITS.fullmatch(word) is not None):
        some = list(group)
        # A telephone number is written with blanks and without.
        if few_digits and len(some) >= 3:
            yield [Way(tuple(some)), Way(("".join(some),))]
        else:
            yield from (_ways(word, part=part) for word in some)


def _ways(word: str, *, part: str) -> list[Way]:
    parts, others, goes_on = asked_words(word)
    ways = [Way(tuple(parts), begins=goes_on and _may_go_on(parts[-1]))] if parts else []
    ways += [Way((other,), begins=_may_go_on(other)) for other in others]
    if part == ANYWHERE and _MESSAGE_ID.fullmatch(word):
        ways.append(Way((marks.of_id(letters_of_id(word)),)))
    return ways


def _phrase_ways(text: str) -> list[Way]:
    spelled = [one for word in text.split() if (one := asked_words(word))[0]]
    plain = [part for parts, _others, _goes_on in spelled for part in parts]
    ways = [Way(tuple(plain), begins=len(plain[-1]) == 1 and is_unspaced(plain[-1]))] if plain else []
    if any(others for _parts, others, _goes_on in spelled):
        otherwise = [word for parts, others, _goes_on in spelled for word in (others[-1:] or parts)]
        ways.append(Way(tuple(otherwise)))
    return ways


def _may_go_on(word: str) -> bool:
    """Tell whether a word is long enough to stand for all that begin so: the rest would be half of everything."""
    if any(sign.isdecimal() for sign in word):
        return len(word) >= (5 if word.isdecimal() else 4)
    return len(word) >= 3 if word.isascii() else len(word) >= 2 or is_unspaced(word)


def _wanted(all_ways: Iterable[list[Way]], *, part: str) -> Iterator[Wanted]:
    for ways in all_ways:
        if not ways:
            continue
        exact: dict[tuple[str, ...], None] = {}
        beginnings: list[str] = []
        abouts: list[int | None] = []
        for way in ways:
            *before, last = way.words
            if way.begins and any(sign.isdecimal() for sign in last) and not before:
                # Numbers are not in the vocabulary; those that begin with five digits are few.
                beginnings.append(last)
                abouts.append(None)
                continue
            ends = going_on(last, most=_ENDS_OF_PHRASES if before else MOST_ENDS) if way.begins else []
            exact |= dict.fromkeys((*before, end) for end in (last, *(end for end, _n in ends)))
            abouts.append(_about(way, ends))
        yield Wanted(
            ways=tuple(Way(_marked(way.words, part=part), way.begins) for way in ways),
            exact=tuple(_marked(words, part=part) for words in exact),
            beginnings=_marked(tuple(beginnings), part=part),
            about=None if None in abouts else sum(one for one in abouts if one is not None),
        )


def _about(way: Way, ends: Sequence[tuple[str, int]]) -> int | None:
    """Return in about how many messages the rarest word of a way is, which is how often it can be there at most."""
    whole = [word for word in (way.words[:-1] if way.begins else way.words) if is_counted(word)]
    counted = in_about(whole) if whole else {}
    known = [counted.get(word, 0) for word in whole]
    if way.begins and is_counted(way.words[-1]):
        known.append(sum(n for _end, n in ends))
    return min(known, default=None)


def _marked(words: tuple[str, ...], *, part: str) -> tuple[str, ...]:
    if part == ANYWHERE:
        return words
    return tuple(word if marks.is_marked(word) else marks.of_part(part, word) for word in words)
