"""A page of the installation that a test runs, opened by somebody, and what customers ask."""

from collections.abc import Callable

import pytest
from django.conf import settings
from django.test import Client
from playwright.sync_api import Page

from postroom.core.accounts.models import Mailbox, User
from postroom.core.conversations.actions.receive import IncomingMessage, Person, receive
from postroom.core.conversations.models import Conversation
from tests.servers.chromium import NewWindow
from tests.servers.postroom import Installation, Running

Open = Callable[[User, str], Page]


def question(mailbox: Mailbox, number: int) -> Conversation:
    """File a mail of the customer of this number."""
    sender = Person(f"Customer {number}", f"customer{number}@customers.example")
    mail = IncomingMessage(sender=sender, subject=f"Question {number}", text=f"Is number {number} ready?")
    return receive(mailbox=mailbox, mail=mail).conversation


def in_list(conversation: Conversation) -> str:
    """Return the address of a conversation that was opened from the list of all that are open."""
    return f"/conversations/{conversation.pk}?in=open"


@pytest.fixture
def conversations(mailbox: Mailbox) -> list[Conversation]:
    """Three questions, the newest last; a test file may have others."""
    return [question(mailbox, number) for number in range(3)]


@pytest.fixture
def running(installation: Installation, conversations: list[Conversation]) -> Running:
    """An installation that runs beside them; a test file may have one of its own."""
    return installation.run()


@pytest.fixture
def opened(running: Running, window: NewWindow) -> Open:
    """Open a path in a window of its own, signed in."""

    def open_page(user: User, path: str) -> Page:
        client = Client()
        client.force_login(user)
        page = window()
        cookie = client.cookies[settings.SESSION_COOKIE_NAME].value
        page.context.add_cookies([{"name": settings.SESSION_COOKIE_NAME, "value": cookie, "url": running.url}])
        page.goto(running.url + path)
        return page

    return open_page
