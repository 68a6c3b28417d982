import json
from collections.abc import Callable
from datetime import timedelta

import pytest
from django.test import Client, RequestFactory

from postroom.core.accounts.actions.profile import change_profile
from postroom.core.accounts.models import User
from postroom.core.events.heartbeat import beat
from postroom.core.events.models import Bookmark
from postroom.faces.web.views import errors
from postroom.lib import clock


def test_a_page_that_is_not_there_is_a_calm_page(client: Client, db: None) -> None:
    answer = client.get("/nowhere")
    page = answer.content.decode()
    assert answer.status_code == 404
    assert "This page is not here" in page
    assert "Traceback" not in page


@pytest.mark.parametrize(
    "path", ["/%00", "/conversations/%ED%A0%80", "/settings/people/1e9", "/tray/-1", "/" + "x" * 5000]
)
def test_odd_addresses_are_not_there(client: Client, path: str, db: None) -> None:
    assert client.get(path).status_code == 404


def test_a_form_without_its_token_is_refused_with_what_to_do(db: None) -> None:
    browser = Client(enforce_csrf_checks=True)
    answer = browser.post("/sign-in", {"email": "a@b.example", "password": "x"})
    assert answer.status_code == 403
    assert "open for too long" in answer.content.decode()


def test_a_fragment_gets_the_sentence_alone(db: None) -> None:
    answer = Client().get("/nowhere", headers={"HX-Request": "true"})
    assert answer.status_code == 404
    assert answer.headers["Content-Type"].startswith("text/plain")
    assert "<" not in answer.content.decode()


def test_too_much_at_once_is_413_with_a_sentence(client: Client, db: None) -> None:
    form = {f"field{n}": "x" for n in range(1500)}
    answer = client.post("/sign-in", form)
    assert answer.status_code == 413
    assert "too much at once" in answer.content.decode()


def test_a_text_beyond_all_measure_is_413(client: Client, db: None) -> None:
    body = b"email=" + b"x" * 11_000_000
    answer = client.post("/sign-in", body, content_type="application/x-www-form-urlencoded")
    assert answer.status_code == 413


def test_a_name_that_is_not_ours_is_told_how_to_add_it(client: Client, db: None) -> None:
    answer = client.get("/sign-in", headers={"Host": "evil.example"})
    assert answer.status_code == 400
    assert "POSTROOM_ALLOWED_HOSTS" in answer.content.decode()


def test_our_own_fault_is_told_without_a_trace_and_without_the_database() -> None:
    request = RequestFactory().get("/")
    answer = errors.server_error(request)
    assert answer.status_code == 500
    assert "What was saved is safe" in answer.content.decode()


def test_health_says_who_is_at_work(client: Client, db: None) -> None:
    unseen = client.get("/health")
    assert (unseen.status_code, json.loads(unseen.content)["worker"]) == (503, "not seen")
    beat()
    seen = client.get("/health")
    assert (seen.status_code, json.loads(seen.content)["ok"]) == (200, True)
    with clock.at(clock.now() + timedelta(minutes=5)):
        assert client.get("/health").status_code == 503


@pytest.mark.django_db(transaction=True)  # on PostgreSQL an event counts once its transaction is over
def test_health_tells_how_far_a_follower_is_behind_and_that_it_stopped(client: Client, alice: User) -> None:
    beat()
    Bookmark.objects.create(follower="notifications")
    change_profile(alice, name="Alice Martin", language="en", single_keys=True, by=alice)
    report = json.loads(client.get("/health").content)
    assert report["followers_behind"] == {"notifications": 1}
    Bookmark.objects.update(problem="Traceback: secret words")
    stopped = client.get("/health")
    assert (stopped.status_code, json.loads(stopped.content)["followers_stopped"]) == (503, ["notifications"])
    assert b"secret words" not in stopped.content


def test_crawlers_stay_away_and_the_mark_is_served(client: Client, db: None) -> None:
    assert "Disallow: /" in client.get("/robots.txt").content.decode()
    assert client.get("/favicon.ico").headers["Content-Type"] == "image/svg+xml"


def test_every_page_says_what_it_may_do(client: Client, alice: User, sign_in: Callable[[User], Client]) -> None:
    for answer in (client.get("/sign-in"), sign_in(alice).get("/settings/profile"), client.get("/nowhere")):
        policy = answer.headers["Content-Security-Policy"]
        assert "default-src 'none'" in policy
        assert "script-src 'nonce-" in policy
        assert "unsafe" not in policy
        assert "require-trusted-types-for 'script'" in policy
        assert "frame-ancestors 'none'" in policy
        assert "unsafe" not in policy
        assert answer.headers["X-Content-Type-Options"] == "nosniff"
        assert answer.headers["Referrer-Policy"] == "same-origin"
        assert answer.headers["Cross-Origin-Opener-Policy"] == "same-origin"
        assert "camera=()" in answer.headers["Permissions-Policy"]


def test_pages_hold_no_script_and_no_style_that_the_policy_would_stop(
    client: Client, alice: User, sign_in: Callable[[User], Client]
) -> None:
    for path in ("/sign-in", "/settings/profile", "/settings/people", "/settings/mailboxes", "/settings/teams"):
        page = (client if path == "/sign-in" else sign_in(alice)).get(path).content.decode()
        assert "<style" not in page
        assert " style=" not in page
        assert " onclick=" not in page
        assert "<script>" not in page
