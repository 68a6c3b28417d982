"""Domains that pass themselves off as others: by letters of another script, a swapped letter, a name in front."""

import re
import unicodedata
from collections.abc import Iterable
from functools import lru_cache

import idna

# What two letters look like together in most typefaces.
_PAIRS = (("rn", "m"), ("vv", "w"), ("cl", "d"), ("0", "o"), ("1", "l"), ("i", "l"), ("5", "s"), ("|", "l"))
# Shorter names are one letter apart from half the world.
_SHORTEST = 5
# Below these registries names are given out one level deeper.
_SECOND_LEVEL = re.compile(r"^(?:ac|co|com|edu|gob|gov|gouv|mil|ne|net|nom|or|org|sch)$")


def same_house(one: str, other: str) -> bool:
    """Tell whether two hosts are of one registered domain."""
    return registered(one) == registered(other)


@lru_cache(maxsize=4096)
def registered(host: str) -> str:
    """Return what is registered of a host: "b.co.uk" of "a.b.co.uk"; close enough without the list of suffixes."""
    labels = ascii_domain(host).split(".")
    deep = len(labels) > 2 and len(labels[-1]) == 2 and _SECOND_LEVEL.match(labels[-2])
    return ".".join(labels[-3:] if deep else labels[-2:])


def imitates(domain: str, known: Iterable[str]) -> str:
    """Return the one of the `known` domains that this one looks like without being it, "" when there is none."""
    house = registered(domain)
    theirs = {registered(name): name for name in known if name}
    if not house or house in theirs:
        return ""
    likeness = skeleton(house)
    whole = ascii_domain(domain)
    for registered_name, name in theirs.items():
        if likeness == skeleton(registered_name) or whole.startswith(f"{registered_name}."):
            return name
        if _one_apart(house, registered_name) and len(registered_name.split(".")[0]) >= _SHORTEST:
            return name
    return ""


def mixes_scripts(domain: str) -> bool:
    """Tell whether one label of the domain has letters of several scripts, one of which looks like Latin."""
    return any(_mixed(label) for label in unicode_domain(domain).split("."))


def shown_domain(domain: str) -> str:
    """Return the domain in its own letters, and its ASCII form beside it where they could be taken for others."""
    own = unicode_domain(domain)
    plain = ascii_domain(domain)
    return own if own == plain or not (mixes_scripts(own) or _looks_latin(own)) else f"{own} ({plain})"


@lru_cache(maxsize=4096)
def skeleton(domain: str) -> str:
    """Return the domain as it looks: every letter as the Latin one that it is easily taken for."""
    folded = unicodedata.normalize("NFKD", unicode_domain(domain))
    letters = [_latin(letter) for letter in folded if not unicodedata.combining(letter)]
    made = "".join(letters).lower()
    for pair, single in _PAIRS:
        made = made.replace(pair, single)
    return made


def ascii_domain(domain: str) -> str:
    """Return the domain in lower case, its other letters in Punycode; as it is when it is no valid name."""
    domain = domain.strip().strip(".").lower()
    if domain.isascii():
        return domain
    try:
        return idna.encode(domain, uts46=True).decode()
    except (idna.IDNAError, UnicodeError):
        return domain


def unicode_domain(domain: str) -> str:
    """Return the domain in its own letters."""
    return ".".join(_decoded(label) for label in domain.strip().strip(".").lower().split("."))


def _decoded(label: str) -> str:
    if not label.startswith("xn--"):
        return label
    try:
        return idna.decode(label)
    except (idna.IDNAError, UnicodeError):
        return label


def _mixed(label: str) -> bool:
    if label.isascii():
        return False
    from confusable_homoglyphs import confusables  # its tables take some milliseconds and memory: few senders need it

    return bool(confusables.is_dangerous(label, preferred_aliases=["latin"]))


def _looks_latin(domain: str) -> bool:
    """Tell whether it is written in another script, and each letter of it could be a Latin one."""
    return not domain.isascii() and any(
        not label.isascii() and _latinised(label).isascii() and not _has_latin(label) for label in domain.split(".")
    )


def _has_latin(label: str) -> bool:
    return any("LATIN" in unicodedata.name(letter, "") for letter in label if letter.isalpha())


def _latinised(label: str) -> str:
    return "".join(_latin(letter) for letter in label)


@lru_cache(maxsize=4096)
def _latin(letter: str) -> str:
    if letter.isascii():
        return letter
    from confusable_homoglyphs import confusables

    found = confusables.is_confusable(letter, preferred_aliases=[]) or []
    alike = [other["c"] for one in found for other in one["homoglyphs"]]
    return next((other for other in alike if len(other) == 1 and other.isascii() and other.isalnum()), letter)


def _one_apart(one: str, other: str) -> bool:
    """Tell whether a letter was put in, left out, changed, or swapped with its neighbour."""
    if one == other or abs(len(one) - len(other)) > 1:
        return False
    start = 0
    while start < min(len(one), len(other)) and one[start] == other[start]:
        start += 1
    left, right = one[start:], other[start:]
    if len(left) == len(right):
        swapped = left[:2] == right[1::-1] and left[2:] == right[2:]
        return left[1:] == right[1:] or swapped
    longer, shorter = (left, right) if len(left) > len(right) else (right, left)
    return longer[1:] == shorter
