"""Addresses that are made of what the resolver said of others are what it would say of them."""

import pytest
from django.urls import NoReverseMatch, get_resolver, reverse

from postroom.faces.web.naming_pages import address


def _by_numbers() -> list[tuple[str, tuple[int, ...]]]:
    """Every page that is named and wants nothing but numbers."""
    found: list[tuple[str, tuple[int, ...]]] = []
    for name in get_resolver().reverse_dict:
        for numbers in ((), (0,), (7,), (12, 7), (3, 3), (5, 12, 7)):
            try:
                reverse(name, args=numbers)
            except NoReverseMatch:
                continue
            if isinstance(name, str):
                found.append((name, numbers))
    return found


def test_pages_of_numbers_are_where_the_resolver_says() -> None:
    pages = _by_numbers()
    assert len([numbers for _name, numbers in pages if numbers]) > 100
    for name, numbers in pages:
        assert address(name, *numbers) == reverse(name, args=numbers)


def test_other_words_are_put_in_as_ever() -> None:
    assert address("tag", 7, "a/b & {0}") == reverse("tag", args=(7, "a/b & {0}"))
    assert address("conversation", conversation_id=7) == reverse("conversation", args=(7,))
    assert address("conversation", "7") == reverse("conversation", args=(7,))
    for wrong in (-7, 10**18, "seven"):
        with pytest.raises(NoReverseMatch):
            address("conversation", wrong)
