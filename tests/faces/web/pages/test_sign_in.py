from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from threading import Thread

import pytest
from django.test import Client

from postroom.core.accounts.actions.profile import set_password
from postroom.core.accounts.guessing import FREE_FAILURES
from postroom.core.accounts.models import FailedSignIn, Installation, User
from postroom.lib import clock
from tests.faces.web.pages.hostile import HOSTILE, post
from tests.people import PASSWORD

NOON = datetime(2026, 3, 2, 12, 0, tzinfo=UTC)


def _try(client: Client, *, email: str = "alice@team.example", password: str = PASSWORD, **form: str) -> int:
    return client.post("/sign-in", {"email": email, "password": password, **form}).status_code


def test_alice_signs_in_and_lands_where_she_wanted_to_go(client: Client, alice: User) -> None:
    answer = client.post(
        "/sign-in", {"email": "  ALICE@team.example ", "password": PASSWORD, "next": "/settings/profile"}
    )
    assert answer.headers["Location"] == "/settings/profile"
    assert client.get("/settings/profile").status_code == 200


@pytest.mark.parametrize(
    "next_url",
    ["https://evil.example/", "//evil.example", "/\\evil.example", "javascript:alert(1)", "/a\r\nSet-Cookie: x"],
)
def test_nobody_is_sent_to_another_site_after_signing_in(client: Client, alice: User, next_url: str) -> None:
    answer = client.post("/sign-in", {"email": alice.email, "password": PASSWORD, "next": next_url})
    assert answer.headers["Location"] == "/"


def test_a_wrong_password_gets_a_sentence_and_keeps_the_address(client: Client, alice: User) -> None:
    answer = client.post("/sign-in", {"email": alice.email, "password": "wrong", "next": "/settings"})
    page = answer.content.decode()
    assert answer.status_code == 401
    assert "do not belong together" in page
    assert 'value="alice@team.example"' in page
    assert 'value="/settings"' in page
    assert "wrong" not in page.split("<form", 1)[1]


def test_an_unknown_address_and_a_wrong_password_read_the_same(client: Client, alice: User) -> None:
    wrong = client.post("/sign-in", {"email": alice.email, "password": "wrong"}).content.decode()
    unknown = client.post("/sign-in", {"email": "nobody@team.example", "password": "wrong"}).content.decode()
    assert "do not belong together" in wrong
    assert "do not belong together" in unknown


def test_somebody_who_left_cannot_sign_in_and_their_session_is_over(client: Client, alice: User) -> None:
    client.force_login(alice)
    User.objects.filter(pk=alice.pk).update(is_active=False)
    assert client.get("/settings/profile").status_code == 302
    assert _try(Client()) == 401


def test_guessing_is_slowed_after_a_few_failures_and_never_locks_out(client: Client, alice: User) -> None:
    with clock.at(NOON):
        for _guess in range(FREE_FAILURES):
            assert _try(client, password="guess") == 401
        refused = client.post("/sign-in", {"email": alice.email, "password": PASSWORD})
        assert (refused.status_code, refused["Retry-After"]) == (429, "2")
        assert "Wait 2 seconds" in refused.content.decode()
    with clock.at(NOON + timedelta(seconds=3)):
        assert _try(client) == 302
        # Her own count is forgotten; what is counted for the account and the network drains by itself.
        assert sorted(FailedSignIn.objects.values_list("failures", flat=True)) == [FREE_FAILURES, FREE_FAILURES]


def test_mallorys_guesses_do_not_slow_alice_at_her_own_desk(alice: User) -> None:
    with clock.at(NOON):
        for _guess in range(FREE_FAILURES + 3):
            _try(Client(REMOTE_ADDR="203.0.113.7"), password="guess")
        assert _try(Client(REMOTE_ADDR="192.0.2.1")) == 302


@pytest.mark.parametrize("text", HOSTILE.values(), ids=HOSTILE)
def test_hostile_addresses_and_passwords_get_the_same_sentence(client: Client, alice: User, text: str) -> None:
    for form in ({"email": text, "password": text}, {"email": alice.email, "password": text}):
        answer = post(client, "/sign-in", form)
        assert answer.status_code == 401
        assert "<script>alert" not in answer.content.decode()


def test_signing_out_ends_the_session_and_only_by_post(client: Client, alice: User) -> None:
    client.force_login(alice)
    assert client.get("/sign-out").status_code == 405
    assert client.post("/sign-out").headers["Location"] == "/sign-in"
    assert client.get("/settings/profile").status_code == 302


def test_the_session_cookie_is_out_of_scripts_reach(client: Client, alice: User) -> None:
    _try(client)
    cookie = client.cookies["postroom_session"]
    assert cookie["httponly"]
    assert cookie["samesite"] == "Lax"


def test_signing_in_changes_the_sessions_key(client: Client, alice: User) -> None:
    client.get("/sign-in")
    session = client.session
    session["planted"] = "by Mallory"
    session.save()
    planted = session.session_key
    _try(client)
    assert client.session.session_key != planted


def test_a_new_password_ends_the_other_sessions(alice: User, sign_in: Callable[[User], Client]) -> None:
    elsewhere = sign_in(alice)
    assert elsewhere.get("/settings/profile").status_code == 200
    set_password(alice, password="another long password", by=alice)
    assert elsewhere.get("/settings/profile").status_code == 302


def test_the_page_speaks_the_readers_language(client: Client, alice: User) -> None:
    page = client.get("/sign-in", headers={"Accept-Language": "fr-BE,fr;q=0.9"}).content.decode()
    assert '<html lang="fr"' in page
    assert '<html lang="en"' in client.get("/sign-in", headers={"Accept-Language": "xx"}).content.decode()


def test_a_persons_own_language_wins_over_the_browsers(
    client: Client, alice: User, sign_in: Callable[[User], Client]
) -> None:
    User.objects.filter(pk=alice.pk).update(language="fr")
    page = sign_in(alice).get("/settings/profile", headers={"Accept-Language": "en"}).content.decode()
    assert '<html lang="fr"' in page


def test_without_anybody_the_page_names_the_set_up_link(client: Client, db: None) -> None:
    page = client.get("/sign-in").content.decode()
    assert "set-up link" in page
    assert 'name="password"' not in page


def test_nobody_becomes_somebody_with_one_click_outside_a_demo(client: Client, alice: User) -> None:
    assert client.post(f"/sign-in/as/{alice.pk}").status_code == 404
    assert client.get("/settings/profile").status_code == 302


def test_in_a_demo_one_click_is_enough(client: Client, alice: User, bob: User) -> None:
    Installation.objects.create(pk=1, demo=True)
    assert "Look around as" in client.get("/sign-in").content.decode()
    assert client.post(f"/sign-in/as/{bob.pk}").status_code == 302
    assert client.session["_auth_user_id"] == str(bob.pk)
    assert client.post("/sign-in/as/999999999999999999").status_code == 404


@pytest.mark.django_db(transaction=True)
def test_a_hundred_guesses_at_once_are_counted_one_by_one(alice: User) -> None:
    def guess() -> None:
        from django.db import connection

        _try(Client(), password="guess")
        connection.close()

    guesses = [Thread(target=guess) for _ in range(8)]
    for thread in guesses:
        thread.start()
    for thread in guesses:
        thread.join()
    # Those that came after the handful had to wait, and were not looked at.
    assert set(FailedSignIn.objects.values_list("failures", flat=True)) == {FREE_FAILURES}
