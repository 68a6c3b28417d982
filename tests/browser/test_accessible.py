"""Every page, in Chromium: no rule of accessibility broken, nothing wider than its window, in either direction.

One theme on each engine; on PostgreSQL the pages run from right to left besides (tests/engine.py).
"""

from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.db import connection
from django.urls import URLPattern
from playwright.sync_api import Page

from postroom.core.accounts.models import User
from tests.house.access_scene import OWN, Scene, patterns, scene
from tests.house.access_table import TABLE
from tests.servers.chromium import NewWindow

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

_PARTS = 4
_PATTERNS = sorted((pattern for pattern in patterns() if pattern.name in TABLE), key=lambda one: one.name or "")
# WCAG 2.2 at the levels A and AA, and what its authors hold for good practice.
_RULES = {"runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]}
_WIDTHS = (390, 1024)


@pytest.mark.parametrize("part", range(_PARTS))
def test_every_page_can_be_used_by_everybody(window: NewWindow, live_server: Any, part: int) -> None:
    walked = scene()
    page = window(expected="")
    # What fades in is judged when it stands.
    page.emulate_media(color_scheme="dark" if connection.vendor == "postgresql" else "light", reduced_motion="reduce")
    cookie = walked.browsers["owner"].cookies["postroom_session"].value
    page.context.add_cookies([{"name": "postroom_session", "value": cookie, "url": live_server.url}])
    faults = []
    for address in _pages(walked)[part::_PARTS]:
        page.set_viewport_size({"width": 1440, "height": 900})
        page.goto(f"{live_server.url}{address}")
        faults += [f"{address}: {fault}" for fault in (*_broken_rules(page), *_too_wide(page))]
    assert faults == []


def _pages(walked: Scene) -> list[str]:
    """Return the addresses that answer an owner with a whole page."""
    found = []
    for pattern in _PATTERNS:
        if TABLE[pattern.name or ""].only_changes:
            continue
        address = walked.address(pattern, OWN)
        answer = walked.browsers["owner"].get(address)
        if _is_page(pattern) and answer.status_code == 200 and b"<html" in answer.getvalue()[:2000]:
            found.append(address)
    assert len(found) > 40
    return found


def _is_page(pattern: URLPattern) -> bool:
    # What stands in a frame is a stranger's document: what it says is not ours to mend.
    return not (pattern.name or "").endswith("-html")


def _broken_rules(page: Page) -> list[str]:
    found = Axe().run(page, options=_RULES).response["violations"]
    return [f"{one['id']}: {one['help']} ({one['nodes'][0]['html'][:150]})" for one in found]


def _too_wide(page: Page) -> list[str]:
    faults = []
    for width in _WIDTHS:
        page.set_viewport_size({"width": width, "height": 844})
        over = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
        if over > 0:
            faults.append(f"at {width} it is {over} too wide")
    return faults


def test_the_interface_has_the_direction_of_its_language(window: NewWindow, live_server: Any, alice: User) -> None:
    page = window()
    page.goto(f"{live_server.url}/sign-in")
    mirrored = connection.vendor == "postgresql"
    assert page.locator("html").get_attribute("dir") == ("rtl" if mirrored else "ltr")
