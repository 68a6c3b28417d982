"""Addresses by name, each worked out once."""

from functools import lru_cache
from typing import Any

from django.urls import reverse


# A page names some two hundred addresses, and the resolver takes longer over them than the database over the rows.
@lru_cache(maxsize=20_000)
def address(name: str, *args: Any, **kwargs: Any) -> str:
    """Return the address of a named page."""
    return reverse(name, args=args or None, kwargs=kwargs or None)
