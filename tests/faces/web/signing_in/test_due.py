"""The organisation asks for a second factor: a reminder until the day, and from then on nothing else."""

from collections.abc import Callable
from datetime import UTC, date, datetime

import pytest
from django.test import Client

from postroom.core.accounts.models import SecurityPolicy, User
from postroom.core.accounts.policy import EVERYBODY, MANAGERS
from postroom.faces.web.signing_in.entering import SHOWN_ELSEWHERE
from postroom.lib import clock
from postroom.wiring.live import signed_in
from tests.faces.web.signing_in.codes import app_of
from tests.faces.web.signing_in.test_own_factors import HOME, _add_app

SignIn = Callable[[User], Client]
DAY = date(2030, 5, 1)
BEFORE = datetime(2030, 4, 30, 23, 0, tzinfo=UTC)
ON_IT = datetime(2030, 5, 1, 0, 0, tzinfo=UTC)


@pytest.fixture
def asked(db: None) -> SecurityPolicy:
    return SecurityPolicy.objects.create(pk=1, second_factor=EVERYBODY, second_factor_by=DAY, session_days=36500)


def test_until_the_day_everything_is_there_with_a_reminder(asked: SecurityPolicy, alice: User, sign_in: SignIn) -> None:
    client = sign_in(alice)
    with clock.at(BEFORE):
        assert "you need a second factor" in client.get("/folders/open").content.decode()
        app_of(alice)
        assert "you need a second factor" not in client.get("/folders/open").content.decode()


def test_from_the_day_on_there_is_only_the_page_to_add_one(asked: SecurityPolicy, alice: User, sign_in: SignIn) -> None:
    client = sign_in(alice)
    key = client.session.session_key or ""
    with clock.at(ON_IT):
        for address in ("/folders/open", "/settings/profile", "/settings/people", "/live-nonsense"):
            assert client.get(address).headers["Location"].startswith(HOME), address
        assert client.post("/settings/profile").headers["Location"] == HOME
        fragment = client.get("/folders/open/rows", headers={"HX-Request": "true"})
        assert (fragment.status_code, fragment["HX-Redirect"]) == (403, HOME)
        page = client.get(HOME).content.decode()
        assert "Add a second factor" in page
        # Nothing of the inbox stands around it.
        assert 'id="sidebar"' not in page
        assert signed_in(key, ip="127.0.0.1") is None


def test_with_one_added_the_door_is_open(asked: SecurityPolicy, alice: User, sign_in: SignIn) -> None:
    client = sign_in(alice)
    with clock.at(ON_IT):
        _add_app(client)
        assert "Your recovery codes" in client.get(f"{HOME}/codes").content.decode()
        assert client.get("/folders/open").status_code == 200
        assert signed_in(client.session.session_key or "", ip="127.0.0.1") == alice.pk


def test_a_rule_for_managers_leaves_agents_alone(alice: User, bob: User, sign_in: SignIn) -> None:
    SecurityPolicy.objects.create(pk=1, second_factor=MANAGERS, second_factor_by=None)
    assert sign_in(bob).get("/folders/open").status_code == 200
    assert sign_in(alice).get("/folders/open").headers["Location"].startswith(HOME)


def test_whoever_is_held_back_may_still_leave(asked: SecurityPolicy, alice: User, sign_in: SignIn) -> None:
    client = sign_in(alice)
    with clock.at(ON_IT):
        assert client.post("/sign-out").headers["Location"] == "/sign-in"


def test_a_second_factor_shown_to_a_trusted_provider_is_enough(
    asked: SecurityPolicy, alice: User, sign_in: SignIn
) -> None:
    client = sign_in(alice)
    session = client.session
    session[SHOWN_ELSEWHERE] = True
    session.save()
    with clock.at(ON_IT):
        assert client.get("/folders/open").status_code == 200
        assert signed_in(client.session.session_key or "", ip="127.0.0.1") == alice.pk
