from datetime import timedelta

import pytest

from postroom.core.accounts.models import User
from postroom.core.accounts.sign_in import TooManyTries, WrongPassword, recognise
from postroom.core.audit import refusals
from postroom.core.audit.models import AuditEntry, RefusedSignIn
from postroom.core.audit.origin import Origin, coming_from
from postroom.core.audit.refusals import note_refusal, tell_of_refusals, tell_refusal
from postroom.lib import clock
from tests.people import PASSWORD

pytestmark = pytest.mark.django_db


def _told() -> list[tuple[str, str, int]]:
    tell_of_refusals()
    rows = AuditEntry.objects.filter(action="sign_in.refused").order_by("id")
    return [(entry.subject, entry.ip, entry.after["tries"]) for entry in rows]


def test_a_thousand_tries_are_one_entry_a_minute(alice: User) -> None:
    start = clock.now().replace(second=0, microsecond=0)
    for moment, person, ip in (
        *((start + timedelta(milliseconds=50 * n), alice.pk, "192.0.2.1") for n in range(50)),
        (start, alice.pk, "192.0.2.2"),
        (start, None, "192.0.2.1"),
        (start, alice.pk, "2001:db8::1"),
        (start, alice.pk, "2001:db8::2"),
        (start + timedelta(minutes=1), alice.pk, "192.0.2.1"),
    ):
        with clock.at(moment), coming_from(Origin(ip=ip, device="curl/8")):
            note_refusal(person_id=person)
    with clock.at(start + timedelta(seconds=59)):
        assert _told() == []
    who = f"person:{alice.pk}"
    with clock.at(start + timedelta(minutes=2)):
        expected = [(who, "192.0.2.1", 50), (who, "192.0.2.2", 1), ("", "192.0.2.1", 1), (who, "2001:db8::/64", 2)]
        assert _told() == [*expected, (who, "192.0.2.1", 1)]
        assert _told() == [*expected, (who, "192.0.2.1", 1)]
    assert not RefusedSignIn.objects.exists()


def test_a_network_full_of_addresses_fills_no_disk(alice: User, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(refusals, "_MOST_A_MINUTE", 3)
    with clock.at(clock.now() - timedelta(minutes=2)):
        for number in range(10):
            with coming_from(Origin(ip=f"192.0.2.{number}")):
                note_refusal(person_id=alice.pk)
    assert [tries for _subject, _ip, tries in _told()] == [1, 1, 1, 7]


def test_of_a_refusal_that_says_why_the_first_of_a_minute_is_kept(alice: User) -> None:
    with clock.at(clock.now() - timedelta(minutes=2)), coming_from(Origin(ip="192.0.2.1")):
        for _try in range(5):
            tell_refusal(subject="sign_in_provider:1", after={"tries": 1, "why": "Not signed."})
        tell_refusal(subject="sign_in_provider:2", after={"tries": 1})
    told = [("sign_in_provider:1", "192.0.2.1", 1), ("sign_in_provider:2", "192.0.2.1", 1)]
    assert _told() == [*told, ("", "192.0.2.1", 4)]


def test_a_wrong_password_is_told_and_what_was_typed_is_not(alice: User) -> None:
    with clock.at(clock.now() - timedelta(minutes=2)), coming_from(Origin(ip="192.0.2.1")):
        for email in (alice.email, "my secret password"):
            with pytest.raises((WrongPassword, TooManyTries)):
                recognise(email=email, password="not it at all", ip="192.0.2.1")
        assert recognise(email=alice.email, password=PASSWORD, ip="192.0.2.1") == alice
    assert _told() == [(f"person:{alice.pk}", "192.0.2.1", 1), ("", "192.0.2.1", 1)]
    assert "secret" not in str(list(AuditEntry.objects.values()))
