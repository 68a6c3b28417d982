"""Addresses by name, each worked out once; those that differ by numbers only, all at once."""

from functools import lru_cache
from typing import Any

from django.urls import NoReverseMatch, reverse

# What stands for the first number, the second and so on: of as many digits as any number may have, and in no path.
_FIRST = 713_020_406_080_100_000


# A page names some two hundred addresses, and the resolver takes longer over them than the database over the rows.
@lru_cache(maxsize=20_000)
def address(name: str, *args: Any, **kwargs: Any) -> str:
    """Return the address of a named page."""
    numbers = all(type(one) is int and 0 <= one < _FIRST for one in args)
    if args and numbers and not kwargs and (pattern := _pattern(name, len(args))):
        return pattern.format(*args)
    return reverse(name, args=args or None, kwargs=kwargs or None)


@lru_cache(maxsize=1000)
def _pattern(name: str, numbers: int) -> str:
    """Return the address with {0} for its first number; "" for one in which they do not stand as they are."""
    stand_ins = range(_FIRST, _FIRST + numbers)
    try:
        path = reverse(name, args=tuple(stand_ins))
    except NoReverseMatch:
        # Perhaps one that takes small numbers only.
        return ""
    if "{" in path or "}" in path or any(path.count(str(one)) != 1 for one in stand_ins):
        return ""
    for place, one in enumerate(stand_ins):
        path = path.replace(str(one), f"{{{place}}}")
    return path
