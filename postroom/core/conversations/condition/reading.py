"""From a text to a condition. Every text reads as something; what was not understood is told with its place."""

import re
from collections.abc import Callable
from dataclasses import dataclass, field
from difflib import get_close_matches

from django.utils.translation import gettext as _

from postroom.core.conversations.condition.language import (
    EVERYTHING,
    QUOTES,
    Condition,
    Test,
    Words,
    either,
    every,
    opposite,
)
from postroom.core.conversations.condition.operators import ALIASES, OPERATORS, TEXT
from postroom.core.conversations.condition.values import value_of
from postroom.lib.text import storable

# Printing a condition may make it half as long again: forms take 1,000 characters.
LONGEST = 2000
MOST_PARTS = 60
DEEPEST = 12
# What is asked of a test that is well formed: a sentence when there is no such tag, person, mailbox; else "".
Check = Callable[[Test], str]


@dataclass(frozen=True)
class Fault:
    """What could not be understood, and where: `length` characters from `at`. Its part is left out of the condition."""

    at: int
    length: int
    sentence: str


@dataclass(frozen=True)
class Parsed:
    """The condition, and what is wrong with the text it came from. With faults it says less than was meant."""

    condition: Condition
    faults: tuple[Fault, ...] = ()


@dataclass(frozen=True)
class _Token:
    """`kind`: ( ) - or, word, phrase, test. Of a test `key` is what stands before the colon."""

    kind: str
    at: int
    end: int
    text: str = ""
    key: str = ""
    phrase: bool = False


_SPACE = re.compile(r"\s+")
_WORD = re.compile(rf"[^\s(){QUOTES}]+")
_KEY = re.compile(r"([A-Za-z][A-Za-z0-9-]*):")
_NUMBER = re.compile(r"#([0-9]{1,18})")
_ESCAPED = re.compile(r"\\(.)", re.DOTALL)
_QUOTED = re.compile(rf"[{QUOTES}]((?:[^{QUOTES}\\]|\\.)*)([{QUOTES}]?)", re.DOTALL)


def read(text: str, *, check: Check | None = None) -> Parsed:
    """Read a condition. `check` may find fault with a test that is well formed."""
    faults: list[Fault] = []
    text = storable(text)
    if len(text) > LONGEST:
        sentence = _("This is too long: only the first %(n)d characters are read.") % {"n": LONGEST}
        faults.append(Fault(LONGEST, len(text) - LONGEST, sentence))
        text = text[:LONGEST]
    reader = _Reader(_tokens(text, faults), faults=faults, check=check)
    condition = reader.all_of(depth=0)
    return Parsed(condition, tuple(sorted(faults, key=lambda fault: fault.at)))


def _tokens(text: str, faults: list[Fault]) -> list[_Token]:
    tokens: list[_Token] = []
    at = 0
    while at < len(text):
        if space := _SPACE.match(text, at):
            at = space.end()
            continue
        token = _token(text, at, faults)
        tokens.append(token)
        at = token.end
    return tokens


def _token(text: str, at: int, faults: list[Fault]) -> _Token:
    sign = text[at]
    if sign in "()":
        return _Token(sign, at, at + 1)
    if sign in QUOTES:
        return _phrase(text, at, faults)
    if sign == "-":
        return _Token("-", at, at + 1)
    if (key := _KEY.match(text, at)) and _is_operator(key[1]):
        return _test(text, at, key, faults)
    word = _WORD.match(text, at)
    assert word is not None  # every other character is one of the above
    if number := _NUMBER.fullmatch(word[0]):
        return _Token("test", at, word.end(), number[1], key="number")
    kinds = {"OR": "or", "|": "or", "AND": "and", "NOT": "-"}
    return _Token(kinds.get(word[0], "word"), at, word.end(), word[0])


def _phrase(text: str, at: int, faults: list[Fault]) -> _Token:
    found = _QUOTED.match(text, at)
    assert found is not None  # it begins with a quotation mark
    if not found[2]:
        faults.append(Fault(at, 1, _("This quotation mark is not closed. Put another one where the phrase ends.")))
    # A backslash at the very end quotes nothing.
    end = found.end() if found[2] else len(text)
    said = found[1] if found[2] else text[at + 1 :]
    return _Token("phrase", at, end, " ".join(_ESCAPED.sub(r"\1", said).split()), phrase=True)


def _test(text: str, at: int, key: re.Match[str], faults: list[Fault]) -> _Token:
    start = key.end()
    if start < len(text) and text[start] in QUOTES:
        inner = _phrase(text, start, faults)
        return _Token("test", at, inner.end, inner.text, key=key[1], phrase=True)
    word = _WORD.match(text, start)
    return _Token("test", at, word.end() if word else start, word[0] if word else "", key=key[1])


def _is_operator(key: str) -> bool:
    """Tell whether a word before a colon means an operator: "from:" and a mistyped "form:" do, "https:" does not."""
    return _known(key) is not None or _meant(key) is not None


def _known(key: str) -> str | None:
    name = key.lower()
    return name if name in OPERATORS else ALIASES.get(name)


def _meant(key: str) -> str | None:
    near = get_close_matches(key.lower(), [*OPERATORS, *ALIASES], n=1, cutoff=0.75)
    return near[0] if near and len(key) > 2 else None


@dataclass
class _Reader:
    """OR joins its two neighbours, as in the mail programs people come from: `a b OR c` is `a (b OR c)`."""

    tokens: list[_Token]
    faults: list[Fault]
    check: Check | None = None
    place: int = 0
    parts: int = field(default=0)

    def all_of(self, *, depth: int) -> Condition:
        """Read until the end, or until the bracket that closes this group."""
        found: list[Condition] = []
        while (token := self._next()) is not None:
            if token.kind == ")" and depth:
                break
            if (part := self._either(depth=depth)) is not None:
                found.append(part)
        return every(tuple(found))

    def _next(self) -> _Token | None:
        return self.tokens[self.place] if self.place < len(self.tokens) else None

    def _either(self, *, depth: int) -> Condition | None:
        found = [self._one(depth=depth)]
        while (token := self._next()) is not None and token.kind == "or":
            self.place += 1
            after = self._next()
            if found[-1] is None or after is None or after.kind in ("or", "and", ")"):
                self._fault(token, _("OR stands between two conditions. Write one on each side of it, or take it out."))
                continue
            found.append(self._one(depth=depth))
        known = tuple(one for one in found if one is not None)
        return either(known) if known else None

    def _one(self, *, depth: int) -> Condition | None:
        token = self._next()
        if token is None or token.kind == "or":
            return None
        if token.kind == ")" and depth:
            return None
        self.place += 1
        if token.kind == "-":
            return self._opposite(token, depth=depth)
        if token.kind == "(":
            return self._group(token, depth=depth)
        if token.kind == ")":
            return self._fault(token, _("No bracket is open here. Take this one out, or open one before it."))
        if token.kind == "and":
            return None
        return self._leaf(token)

    def _opposite(self, token: _Token, *, depth: int) -> Condition | None:
        after = self._next()
        if after is None or (after.at != token.end and token.text != "NOT"):
            # A dash between words is punctuation.
            return None
        if after.kind in ("or", "and", ")"):
            return None
        if depth >= DEEPEST:
            return self._too_deep(token)
        part = self._one(depth=depth + 1 if after.kind == "-" else depth)
        return None if part is None else opposite(part)

    def _group(self, token: _Token, *, depth: int) -> Condition | None:
        if depth >= DEEPEST:
            return self._too_deep(token)
        found = self.all_of(depth=depth + 1)
        if self._next() is None:
            self._fault(token, _("This bracket is not closed. Put a closing one where the group ends."))
        else:
            self.place += 1
        return None if found == EVERYTHING else found

    def _too_deep(self, token: _Token) -> Condition | None:
        self.place = len(self.tokens)
        return self._fault(token, _("There are too many brackets inside each other here."))

    def _leaf(self, token: _Token) -> Condition | None:
        self.parts += 1
        if self.parts > MOST_PARTS:
            if self.parts == MOST_PARTS + 1:
                self._fault(
                    token, _("There are too many conditions: only the first %(n)d are read.") % {"n": MOST_PARTS}
                )
            return None
        if token.kind == "test":
            return self._test(token)
        return Words(token.text, phrase=token.phrase) if token.text else None

    def _test(self, token: _Token) -> Condition | None:
        name = _known(token.key)
        if name is None:
            values = {"typed": token.key, "meant": _meant(token.key)}
            return self._fault(
                token,
                _(
                    "There is no operator “%(typed)s:”. Did you mean “%(meant)s:”? To look for these very letters, put "
                    "them in quotation marks."
                )
                % values,
            )
        operator = OPERATORS[name]
        value, sentence = value_of(operator, token.text)
        found = Test(name, value, phrase=token.phrase and operator.kind == TEXT)
        if not sentence and self.check:
            sentence = self.check(found)
        return self._fault(token, sentence) if sentence else found

    def _fault(self, token: _Token, sentence: str) -> Condition | None:
        self.faults.append(Fault(token.at, token.end - token.at, sentence))
        return None
