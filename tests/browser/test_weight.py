"""What travels: little on the first visit, less on every other."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager

import pytest
from django.conf import settings
from django.db import transaction
from django.test import Client
from playwright.sync_api import Browser, Page, expect

from postroom.core.accounts.models import Mailbox, User
from postroom.core.conversations.actions.receive import receive
from postroom.core.conversations.incoming import IncomingMessage, Person
from tests.servers.chromium import NewWindow
from tests.servers.postroom import Installation

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

_FIRST, _LATER = 250_000, 60_000
Visit = Callable[[str], int]


@pytest.fixture
def address(mailbox: Mailbox) -> str:
    """Fill a list, and return the address of a conversation with a plain and an HTML mail."""
    ann = Person("Ann Lee", "ann@customers.example")
    words = "We have waited for some days by now and would like to know. " * 5
    with transaction.atomic():
        mails = [IncomingMessage(sender=ann, subject=f"Question {number}", text=words) for number in range(60)]
        last = [receive(mailbox=mailbox, mail=mail) for mail in mails][-1]
        html = "<p>And <b>how much</b> would two cost?</p>" * 20
        mail = IncomingMessage(sender=ann, subject="Re: Question", text="And how much?", untrusted_html=html)
        receive(mailbox=mailbox, mail=mail, conversation=last.conversation)
    return f"/conversations/{last.conversation_id}?in=open"


@contextmanager
def _fresh_browser(chromium: Browser, *, url: str, user: User) -> Iterator[Visit]:
    """Give a way to look at pages, which returns how many octets each took with all that it fetched by itself."""
    client = Client()
    client.force_login(user)
    # What a service worker fetches is counted nowhere; without it the browser's own cache does the same.
    context = chromium.new_context(viewport={"width": 1440, "height": 900}, service_workers="block")
    cookie = client.cookies[settings.SESSION_COOKIE_NAME].value
    context.add_cookies([{"name": settings.SESSION_COOKIE_NAME, "value": cookie, "url": url}])
    page = context.new_page()
    yield lambda path: _transferred(page, url + path)
    context.close()


def _transferred(page: Page, url: str) -> int:
    sizes: list[int] = []
    wire = page.context.new_cdp_session(page)
    wire.send("Network.enable")
    wire.on("Network.loadingFinished", lambda event: sizes.append(int(event["encodedDataLength"])))
    page.goto(url)
    expect(page.locator("#list .line").first).to_be_visible()
    # Whatever the page does by itself on being opened: the next conversation ahead, what reading changes.
    count = -1
    while count != len(sizes):
        count = len(sizes)
        page.wait_for_timeout(1500)
    wire.detach()
    return sum(sizes)


def test_a_first_visit_is_small_and_every_other_one_smaller(
    window: NewWindow, installation: Installation, address: str, alice: User
) -> None:
    url = installation.run().url
    chromium = window().context.browser
    assert chromium
    with _fresh_browser(chromium, url=url, user=alice) as visit:
        # Were nothing counted, every page would be small.
        assert 100_000 < visit("/folders/open") < _FIRST
        for path in ("/folders/open", address, address, "/search?q=question"):
            size = visit(path)
            assert 5_000 < size < _LATER, (path, size)
    with _fresh_browser(chromium, url=url, user=alice) as visit:
        assert 100_000 < visit(address) < _FIRST
