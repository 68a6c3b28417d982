import threading
import time

import pytest
from django.db import connection
from django.test import Client

from postroom.core.accounts.models import Installation, User
from postroom.core.accounts.setup import make_setup_token
from postroom.core.conversations.models import Conversation
from postroom.faces.web import demo_making

# The demo is made by a thread, which sees only what is committed.
pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def token(transactional_db: None) -> str:
    """The token of a fresh installation's link."""
    return make_setup_token()


def _wait(browser: Client, token: str) -> str:
    deadline = time.monotonic() + 120
    while time.monotonic() < deadline:
        answer = browser.get(f"/setup/{token}/demo")
        if answer.status_code == 302:
            return answer.headers["Location"]
        assert "notice-danger" not in answer.content.decode(), answer.content.decode()
        time.sleep(0.2)
    raise AssertionError("The demo did not come.")


def test_two_clicks_in_two_tabs_make_one_demo_and_both_land_in_the_inbox(token: str) -> None:
    tabs = [Client(), Client()]
    threads = [threading.Thread(target=_click, args=(tab, token)) for tab in tabs]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert [_wait(tab, token) for tab in tabs] == ["/", "/"]
    assert Installation.objects.get().demo
    assert User.objects.count() == 4
    assert Conversation.objects.count() >= 150
    for tab in tabs:
        assert tab.get("/", follow=True).status_code == 200
    assert Client().get(f"/setup/{token}/team").status_code == 410
    assert "Look around as" in Client().get("/sign-in").content.decode()


def test_a_demo_that_could_not_be_made_says_so_and_can_be_begun_again(
    token: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail() -> None:
        raise OSError("No space left on device")

    browser = Client()
    monkeypatch.setattr("postroom.demo.seed.seed", fail)
    _click(browser, token)
    _wait_for_end(token)
    page = browser.get(f"/setup/{token}/demo").content.decode()
    assert "could not be made" in page
    assert "Try again" in page
    assert browser.get(f"/setup/{token}").status_code == 200
    assert not User.objects.exists()


def test_looking_at_the_progress_of_nothing_offers_to_begin(token: str) -> None:
    page = Client().get(f"/setup/{token}/demo").content.decode()
    assert "not being made" in page


def _click(browser: Client, token: str) -> None:
    browser.post(f"/setup/{token}/demo")
    connection.close()


def _wait_for_end(token: str) -> None:
    deadline = time.monotonic() + 60
    while demo_making.is_under_way(token):
        assert time.monotonic() < deadline
        time.sleep(0.02)
