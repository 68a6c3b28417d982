"""Guessing is slowed, whoever guesses from wherever; whoever belongs here comes in."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any, ClassVar

import pytest
from django.contrib.auth.hashers import Argon2PasswordHasher
from django.test import Client, override_settings

from postroom.core.accounts.guessing import (
    CODE,
    FREE_FAILURES,
    Attempt,
    TooManyTries,
    remember_failure,
    seconds_to_wait,
)
from postroom.core.accounts.models import FailedSignIn, User
from postroom.lib import clock
from tests.people import PASSWORD

NOON = datetime(2026, 3, 2, 12, 0, tzinfo=UTC)
MALLORY = "203.0.113.7"
HOME = "192.0.2.1"


class CountingHasher(Argon2PasswordHasher):
    """The hasher in use, cheap enough for a test, which counts how often it is asked."""

    time_cost = 1
    memory_cost = 8
    parallelism = 1
    hashes: ClassVar[int] = 0

    def encode(self, *args: Any, **options: Any) -> str:
        type(self).hashes += 1
        return super().encode(*args, **options)

    def verify(self, *args: Any, **options: Any) -> bool:
        type(self).hashes += 1
        return super().verify(*args, **options)


@pytest.fixture
def hasher(alice: User) -> Iterator[type[CountingHasher]]:
    """Alice's password, and every other from here on, is hashed by a hasher that counts."""
    with override_settings(PASSWORD_HASHERS=[f"{__name__}.CountingHasher"]):
        alice.set_password(PASSWORD)
        alice.save()
        CountingHasher.hashes = 0
        yield CountingHasher


def _try(client: Client, password: str = PASSWORD, *, email: str = "alice@team.example") -> int:
    return client.post("/sign-in", {"email": email, "password": password}).status_code


def test_a_thousand_guesses_a_minute_find_nothing_and_do_not_keep_the_owner_out(
    alice: User, hasher: type[CountingHasher]
) -> None:
    mallory, hers = Client(REMOTE_ADDR=MALLORY), Client(REMOTE_ADDR=HOME)
    answers = []
    for number in range(1000):
        with clock.at(NOON + timedelta(seconds=number * 0.06)):
            # The thousandth guess, and one in between, would have been right.
            right = number in (500, 999)
            answers.append(_try(mallory, PASSWORD if right else f"guess number {number}"))
            if number == 700:
                assert _try(hers) == 302
    assert 302 not in answers
    assert set(answers) == {401, 429}
    assert hasher.hashes <= 40
    with clock.at(NOON + timedelta(seconds=60)):
        assert _try(Client(REMOTE_ADDR=HOME)) == 302
        assert _try(Client(REMOTE_ADDR="2001:db8::5")) == 302


def test_the_browser_she_signed_in_with_before_is_never_slowed_by_strangers(
    alice: User, hasher: type[CountingHasher]
) -> None:
    hers = Client(REMOTE_ADDR=MALLORY)
    with clock.at(NOON):
        assert _try(hers) == 302
        hers.post("/sign-out")
        for number in range(20):
            _try(Client(REMOTE_ADDR=MALLORY), f"guess number {number}")
        assert _try(Client(REMOTE_ADDR=MALLORY)) == 429
        assert _try(hers) == 302


def test_a_known_browser_may_not_guess_for_ever_nor_in_another_account(
    alice: User, bob: User, hasher: type[CountingHasher]
) -> None:
    hers = Client(REMOTE_ADDR=HOME)
    with clock.at(NOON):
        assert _try(hers) == 302
        hers.post("/sign-out")
        assert [_try(hers, "guess") for _ in range(6)] == [401] * 5 + [429]
        assert [_try(hers, "guess", email=bob.email) for _ in range(6)] == [401] * 5 + [429]
        hers.cookies["postroom_device"] = "x" * 40 + ":forged"
        assert _try(hers) == 302


def test_one_password_tried_on_everybody_from_one_network_is_slowed(db: None) -> None:
    with clock.at(NOON):
        for number in range(60):
            # One customer of a provider has a whole /64.
            remember_failure(Attempt(f"person{number}@team.example", ip=f"2001:db8:1:2::{number:x}"))
        assert seconds_to_wait(Attempt("another@team.example", ip="2001:db8:1:2:ffff::1")) == 20
        assert seconds_to_wait(Attempt("another@team.example", ip="2001:db8:1:3::1")) == 0


def test_guesses_from_many_networks_slow_only_browsers_that_are_new_here(alice: User) -> None:
    moment = NOON
    for number in range(100):
        moment += timedelta(milliseconds=100)
        with clock.at(moment):
            remember_failure(Attempt(alice.email, ip=f"198.51.{number}.1"))
    with clock.at(moment):
        with pytest.raises(TooManyTries) as refused:
            remember_failure(Attempt(alice.email, ip="192.0.2.99"))
        assert 0 < refused.value.seconds <= 30
        assert seconds_to_wait(Attempt(alice.email, ip="192.0.2.99", device="hers")) == 0
    with clock.at(moment + timedelta(seconds=30)):
        assert seconds_to_wait(Attempt(alice.email, ip="192.0.2.99")) == 0


def test_second_factor_codes_are_counted_apart_and_run_out_sooner(alice: User) -> None:
    with clock.at(NOON):
        for number in range(20):
            remember_failure(Attempt(alice.email, ip=f"198.51.{number}.1", means=CODE))
        assert seconds_to_wait(Attempt(alice.email, ip=HOME, means=CODE)) == 300
        assert seconds_to_wait(Attempt(alice.email, ip=HOME)) == 0


def test_what_was_counted_is_swept_away(alice: User) -> None:
    with clock.at(NOON):
        for number in range(50):
            remember_failure(Attempt(f"{number}@x.example", ip=f"198.51.{number}.1"))
    with clock.at(NOON + timedelta(days=1)):
        remember_failure(Attempt(alice.email, ip=HOME))
    assert FailedSignIn.objects.count() == 3


def test_nobody_somebody_and_somebody_who_left_cost_one_hash_each(
    alice: User, bob: User, hasher: type[CountingHasher]
) -> None:
    User.objects.filter(pk=bob.pk).update(is_active=False)
    User.objects.filter(pk=bob.pk).update(password="!")
    costs = []
    for email in (alice.email, bob.email, "nobody@team.example"):
        before = hasher.hashes
        assert _try(Client(), "guess", email=email) == 401
        costs.append(hasher.hashes - before)
    assert costs == [1, 1, 1]
    before = hasher.hashes
    assert _try(Client(), "g" * 5000) == 401
    assert hasher.hashes == before


def test_the_wait_grows_to_a_minute_and_no_further(client: Client, alice: User, hasher: type[CountingHasher]) -> None:
    moment = NOON
    for _guess in range(20):
        with clock.at(moment):
            assert _try(client, "guess") == 401
        moment += timedelta(seconds=61)
    with clock.at(moment):
        assert _try(client) == 302


def test_a_quiet_quarter_of_an_hour_is_forgotten(client: Client, alice: User, hasher: type[CountingHasher]) -> None:
    with clock.at(NOON):
        for _guess in range(FREE_FAILURES + 5):
            _try(client, "guess")
    with clock.at(NOON + timedelta(minutes=16)):
        assert _try(client, "guess") == 401
        assert FailedSignIn.objects.filter(failures=1).exists()
        assert _try(client, "guess") == 401
