"""A person chooses how they are told, for themself, and from the browser in which they are."""

from collections.abc import Callable

import pytest
from django.test import Client

from postroom.core.accounts.models import User
from postroom.followers.notifications.actions.devices import devices_of
from postroom.followers.notifications.models import Choices, Telling
from tests.servers.push_service import Browser

pytestmark = pytest.mark.django_db

SignIn = Callable[[User], Client]
PAGE = "/settings/notifications"


def _given(browser: Browser) -> dict[str, str]:
    return {"endpoint": browser.endpoint, "p256dh": browser.keys.p256dh, "auth": browser.keys.auth}


def test_what_is_chosen_is_kept_and_shown(alice: User, sign_in: SignIn) -> None:
    client = sign_in(alice)
    chosen = {
        "given.mail": "on",
        "started.app": "on",
        "quiet-from": "22:00:00",
        "quiet-until": "07:00",
        "says-more": "on",
    }
    assert client.post(PAGE, chosen).status_code == 302
    row = Choices.objects.get(user=alice)
    assert (row.ways["given"], row.ways["started"], row.ways["answered"]) == (["mail"], ["app"], [])
    assert (row.quiet_from, row.quiet_until, row.says_more, row.only_working_hours) == ("22:00", "07:00", True, False)
    page = client.get(PAGE).content.decode()
    assert 'value="22:00"' in page
    assert page.count('name="given.mail" checked') == 1
    # A new sign-in is told whatever is chosen.
    assert 'name="signed_in.app" checked disabled' in page


def test_quiet_hours_with_one_end_are_not_taken_and_what_was_typed_stays(alice: User, sign_in: SignIn) -> None:
    answer = sign_in(alice).post(PAGE, {"quiet-from": "22:00"})
    assert answer.status_code == 422
    assert "leave both empty" in answer.content.decode()
    assert 'value="22:00"' in answer.content.decode()
    assert not Choices.objects.exists()


def test_a_browser_is_told_until_it_is_switched_off_or_signs_out(alice: User, bob: User, sign_in: SignIn) -> None:
    client, phone = sign_in(alice), Browser("https://push.example/phone")
    for _twice in range(2):
        assert client.post(f"{PAGE}/devices", _given(phone)).status_code == 204
    device = devices_of(alice).get()
    assert "this browser" in client.get(PAGE).content.decode()
    # Another's number removes nothing.
    sign_in(bob).post(f"{PAGE}/devices/{device.pk}/removal")
    assert client.post(f"{PAGE}/trial").status_code == 302
    assert Telling.objects.get().device == device
    client.post(f"{PAGE}/devices/{device.pk}/removal")
    assert not devices_of(alice).exists()
    client.post(f"{PAGE}/devices", _given(phone))
    client.delete(f"{PAGE}/devices", data=f"endpoint={phone.endpoint}")
    assert not devices_of(alice).exists()
    client.post(f"{PAGE}/devices", _given(phone))
    client.post("/sign-out")
    assert not devices_of(alice).exists()


def test_what_is_no_subscription_is_refused_with_a_sentence(alice: User, sign_in: SignIn) -> None:
    answer = sign_in(alice).post(f"{PAGE}/devices", {"endpoint": "http://10.0.0.1/", "p256dh": "x", "auth": "\x00"})
    assert answer.status_code == 422
    assert "Nothing was changed" in answer.content.decode()
