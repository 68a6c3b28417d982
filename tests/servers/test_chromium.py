"""The windows of a test leave nothing behind in the server that answers them."""

from typing import TYPE_CHECKING, Any

import pytest

from tests.servers.chromium import answering, windows

if TYPE_CHECKING:
    from playwright.sync_api import Browser

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


def test_what_a_window_still_asked_for_is_over_when_it_is_closed(
    _chromium: "Browser",  # noqa: PT019 - a value, not a side effect
    live_server: Any,
) -> None:
    before = answering()
    with windows(_chromium) as open_window:
        page = open_window()
        page.goto(f"{live_server.url}/sign-in")
        page.evaluate("() => { for (let i = 0; i < 30; i += 1) { fetch('/sign-in?' + i).catch(() => {}); } }")
    assert not answering() - before
