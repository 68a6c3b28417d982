"""A page of the installation that a test runs, opened by somebody."""

from collections.abc import Callable

import pytest
from django.conf import settings
from django.test import Client
from playwright.sync_api import Page

from postroom.core.accounts.models import User
from tests.servers.chromium import NewWindow
from tests.servers.postroom import Running

Open = Callable[[User, str], Page]


@pytest.fixture
def opened(running: Running, window: NewWindow) -> Open:
    """Open a path in a window of its own, signed in; `running` is each test file's own."""

    def open_page(user: User, path: str) -> Page:
        client = Client()
        client.force_login(user)
        page = window()
        cookie = client.cookies[settings.SESSION_COOKIE_NAME].value
        page.context.add_cookies([{"name": settings.SESSION_COOKIE_NAME, "value": cookie, "url": running.url}])
        page.goto(running.url + path)
        return page

    return open_page
