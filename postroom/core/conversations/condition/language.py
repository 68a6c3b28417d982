"""What a condition is made of. Printing one gives a text that reads back as the same one."""

import re
from dataclasses import dataclass
from typing import TypeAlias

# What ends a word; “ ” „ « » are what phones and word processors make of a quotation mark.
QUOTES = '"“”„«»'
_PLAIN = re.compile(rf"[^\s(){QUOTES}]+")


@dataclass(frozen=True)
class Words:
    """Text to look for anywhere: one word by its beginning, or with `phrase` these very words beside each other."""

    text: str
    phrase: bool = False

    def __str__(self) -> str:
        return quoted(self.text) if self.phrase else self.text


@dataclass(frozen=True)
class Test:
    """One operator and its value, as operators.py names them. `phrase` only for operators that look for text."""

    operator: str
    value: str
    phrase: bool = False

    # pytest would take it for a test of its own.
    __test__ = False

    def __str__(self) -> str:
        plain = _PLAIN.fullmatch(self.value) and not self.phrase
        return f"{self.operator}:{self.value if plain else quoted(self.value)}"


@dataclass(frozen=True)
class Not:
    """Everything else."""

    of: "Condition"

    def __str__(self) -> str:
        return f"-{_inside(self.of)}"


@dataclass(frozen=True)
class All:
    """All of these hold; with none, every conversation. It holds no All, and never just one part."""

    of: tuple["Condition", ...] = ()

    def __str__(self) -> str:
        return " ".join(_inside(one) for one in self.of)


@dataclass(frozen=True)
class Either:
    """At least one of these holds; two or more, none of them an Either."""

    of: tuple["Condition", ...]

    def __str__(self) -> str:
        return " OR ".join(_inside(one) for one in self.of)


Condition: TypeAlias = Words | Test | Not | All | Either
EVERYTHING = All()


def every(parts: tuple[Condition, ...]) -> Condition:
    """Return what holds when all parts do, in its one form."""
    flat = tuple(inner for one in parts for inner in (one.of if isinstance(one, All) else (one,)))
    return flat[0] if len(flat) == 1 else All(flat)


def either(parts: tuple[Condition, ...]) -> Condition:
    """Return what holds when one of the parts does, in its one form."""
    flat = tuple(inner for one in parts for inner in (one.of if isinstance(one, Either) else (one,)))
    return flat[0] if len(flat) == 1 else Either(flat)


def opposite(part: Condition) -> Condition:
    """Return what holds when the part does not, in its one form."""
    return part.of if isinstance(part, Not) else Not(part)


def conjuncts(condition: Condition) -> tuple[Condition, ...]:
    """Return the parts that all have to hold."""
    return condition.of if isinstance(condition, All) else (condition,)


def quoted(text: str) -> str:
    """Return the text in quotation marks, with a backslash before what would end it."""
    return '"' + re.sub(rf"([{QUOTES}\\])", r"\\\1", text) + '"'


def _inside(condition: Condition) -> str:
    return f"({condition})" if isinstance(condition, All | Either) else str(condition)
