"""Domains that look like others."""

import pytest

from postroom.lib.lookalikes import imitates, mixes_scripts, same_house, shown_domain

KNOWN = ("velo-shop.example", "gmail.com", "apple.com", "bank.co.uk")


@pytest.mark.parametrize(
    ("domain", "meant"),
    [
        ("ve1o-shop.example", "velo-shop.example"),
        ("veloshop.example", "velo-shop.example"),
        ("vel\u043e-shop.example", "velo-shop.example"),  # a Cyrillic o
        ("velo-shop.example.evil.test", "velo-shop.example"),
        ("gmial.com", "gmail.com"),
        ("xn--80ak6aa92e.com", "apple.com"),  # five Cyrillic letters
        ("banc.co.uk", ""),  # too short to tell
        ("velo-shop.example", ""),
        ("mail.velo-shop.example", ""),
        ("unrelated.example", ""),
        ("", ""),
    ],
)
def test_a_domain_that_passes_for_another_is_noticed(domain: str, meant: str) -> None:
    assert imitates(domain, KNOWN) == meant


def test_honest_names_in_other_scripts_are_shown_as_they_are_and_doubtful_ones_with_their_ascii_form() -> None:
    assert shown_domain("xn--mller-kva.de") == "müller.de"
    assert shown_domain("почта.рф") == "почта.рф"
    assert shown_domain("xn--80ak6aa92e.com").endswith("(xn--80ak6aa92e.com)")
    assert mixes_scripts("p\u0430ypal.com")
    assert not mixes_scripts("bücher.example")


def test_hosts_of_one_registered_domain_are_one_house() -> None:
    assert same_house("www.bank.co.uk", "login.bank.co.uk")
    assert not same_house("a.co.uk", "b.co.uk")
    assert same_house("xn--mller-kva.de", "www.müller.de")
