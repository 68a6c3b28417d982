"""Asked again who one is, before what could hurt."""

import time
from collections.abc import Callable

import pytest
from django.test import Client

from postroom.core.accounts.models import User
from postroom.core.audit.models import AuditEntry
from postroom.lib import clock
from tests.faces.web.signing_in.codes import app_of, code_of
from tests.people import PASSWORD

SignIn = Callable[[User], Client]
AGAIN = "/sign-in/again"
ADD = "/settings/second-factor/app"


@pytest.fixture
def stale(alice: User, sign_in: SignIn) -> Client:
    """Alice's browser, in which nobody has shown for a while who they are."""
    client = sign_in(alice)
    session = client.session
    session["proven_at"] = time.time() - 901
    session.save()
    return client


def test_whoever_only_looks_comes_back_after_the_password(stale: Client, alice: User) -> None:
    asked = stale.get(ADD).headers["Location"]
    assert asked == f"{AGAIN}?next=%2Fsettings%2Fsecond-factor%2Fapp"
    assert "Is it you?" in stale.get(asked).content.decode()
    answer = stale.post(AGAIN, {"password": PASSWORD, "next": ADD})
    assert answer.headers["Location"] == ADD
    assert stale.get(ADD).status_code == 200
    entry = AuditEntry.objects.get(action="sign_in.proven")
    assert (entry.actor_id, entry.after) == (alice.pk, {"how": "password"})


def test_whoever_wanted_to_change_something_comes_back_to_its_page(stale: Client, alice: User) -> None:
    page = f"http://testserver/settings/people/{alice.pk}?x=1"
    asked = stale.post(f"/settings/people/{alice.pk}/password", headers={"Referer": page}).headers["Location"]
    assert asked == f"{AGAIN}?next=%2Fsettings%2Fpeople%2F{alice.pk}%3Fx%3D1&undone=1"
    assert "Nothing was changed yet" in stale.get(asked).content.decode()
    elsewhere = stale.post(f"{ADD}/removal", headers={"Referer": "https://evil.example/x"}).headers["Location"]
    assert elsewhere == f"{AGAIN}?next=%2Fsettings&undone=1"


def test_a_fragment_sends_the_whole_page_to_the_question(stale: Client) -> None:
    answer = stale.post(f"{ADD}/removal", headers={"HX-Request": "true"})
    assert answer.status_code == 403
    assert answer["HX-Redirect"].startswith(AGAIN)


def test_a_wrong_password_proves_nothing_and_is_slowed(stale: Client) -> None:
    # The first wait is a second: on a busy machine it would be over before it is asked for.
    with clock.at(clock.now()):
        for _guess in range(5):
            assert stale.post(AGAIN, {"password": "wrong", "next": ADD}).status_code == 401
        assert stale.post(AGAIN, {"password": PASSWORD, "next": ADD}).status_code == 429
    assert stale.get(ADD).status_code == 302


def test_a_code_proves_it_too(stale: Client, alice: User) -> None:
    secret = app_of(alice)
    assert stale.post(AGAIN, {"code": "000000"}).status_code == 401
    assert stale.post(AGAIN, {"code": code_of(secret), "next": "//evil.example"}).headers["Location"] == "/"
    assert stale.get("/settings/people/new").status_code == 200


def test_a_colleagues_password_proves_nothing(stale: Client, bob: User) -> None:
    bob.set_password("a long one of Bob's own")
    bob.save()
    assert stale.post(AGAIN, {"password": "a long one of Bob's own", "email": bob.email}).status_code == 401


def test_the_session_that_was_just_opened_is_not_asked(client: Client, alice: User) -> None:
    client.post("/sign-in", {"email": alice.email, "password": PASSWORD})
    assert client.get(ADD).status_code == 200
