"""Mallory's mails on the real page in real Chromium: nothing runs, nothing calls home, nothing leaves its frame."""

import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from django.conf import settings
from django.test import Client
from playwright.sync_api import Dialog, Page

from postroom.core.accounts.models import Mailbox, User
from postroom.faces.web.framed import policy
from tests.browser.hostile_html import AWAY, own_vectors, public_vectors
from tests.faces.web.composer.conftest import mail_from
from tests.servers.chromium import NewWindow

# What browsers make of HTML is the same whatever engine stores it.
pytestmark = [pytest.mark.browser, pytest.mark.sqlite, pytest.mark.django_db(transaction=True)]

_AT_ONCE = 60
# The page's own controls, which nothing in a mail may cover.
_CONTROLS = "#sidebar a, #conversation-head button, post-composer button, .message-head"
_COVERED = """(controls) => [...document.querySelectorAll(controls)].filter((control) => {
    const {left, top, width, height} = control.getBoundingClientRect();
    const [x, y] = [left + width / 2, top + height / 2];
    const isSeen = control.checkVisibility() && width && height;
    if (!isSeen || x < 0 || y < 0 || x > innerWidth || y > innerHeight) return false;
    return document.elementFromPoint(x, y)?.closest("iframe");
}).map((control) => control.outerHTML.slice(0, 80))"""
_LEFT = (
    "form, button, input, select, textarea, iframe, object, embed, link, base[href], script, svg, math, video, audio"
)
_SHOW = """(url) => new Promise((done) => {
    const frame = document.querySelector("mail-frame iframe");
    frame.addEventListener("load", () => setTimeout(() => done(true), 30), {once: true});
    frame.contentWindow.location.replace(url);
})"""


class Watched:
    """Alice's window on a conversation, and all that a mail in it did and should not have."""

    def __init__(self, page: Page, *, here: str) -> None:
        self.page = page
        self.deeds: list[str] = []
        self._here = here
        page.on("dialog", self._interrupted)
        page.on("console", lambda line: self._said(line.text))
        page.on("pageerror", lambda error: self.deeds.append(f"error {error}"))
        page.context.on("request", lambda request: self._asked(request.url))
        page.context.on("page", lambda other: self.deeds.append(f"opened {other.url}"))

    def _interrupted(self, dialog: Dialog) -> None:
        self.deeds.append(f"dialog {dialog.message}")
        dialog.dismiss()

    def _said(self, text: str) -> None:
        if text.startswith(("/RAN/", "RAN")) or "Ignored call to" in text:
            self.deeds.append(f"console {text}")

    def _asked(self, url: str) -> None:
        if not url.startswith((self._here, "data:", "blob:")):
            self.deeds.append(f"request {url}")


@contextmanager
def server_away() -> Iterator[tuple[int, list[bytes]]]:
    """A server that notes what those who connect begin to say: b"" is a preconnect, and calls home all the same."""
    callers: list[bytes] = []

    def hear(connection: socket.socket) -> None:
        with connection:
            connection.settimeout(2)
            try:
                callers.append(connection.recv(200))
            except OSError:
                callers.append(b"")

    with socket.create_server(("127.0.0.1", 0)) as listening:

        def answer() -> None:
            while True:
                try:
                    connection, _address = listening.accept()
                except OSError:
                    return
                threading.Thread(target=hear, args=(connection,), daemon=True).start()

        threading.Thread(target=answer, daemon=True).start()
        yield listening.getsockname()[1], callers
        listening.shutdown(socket.SHUT_RDWR)


def watched(page: Page, user: User, *, here: str, path: str) -> Watched:
    client = Client()
    client.force_login(user)
    name = settings.SESSION_COOKIE_NAME
    page.context.add_cookies([{"name": name, "value": client.cookies[name].value, "url": here}])
    page.goto(f"{here}{path}")
    page.wait_for_selector("mail-frame[data-ready]")
    return Watched(page, here=here)


def test_no_attack_runs_calls_home_or_leaves_its_frame(
    window: NewWindow, live_server: Any, mailbox: Mailbox, alice: User
) -> None:
    with server_away() as (port, callers):
        vectors = [one.replace(AWAY, f"http://127.0.0.1:{port}") for one in (*own_vectors(), *public_vectors())]
        assert len(vectors) > 800
        first = mail_from(mailbox, text="", untrusted_html="<p>Hello</p>")
        batches = [vectors[start : start + _AT_ONCE] for start in range(0, len(vectors), _AT_ONCE)]
        mails = [
            mail_from(
                mailbox,
                conversation=first.conversation,
                text="",
                # Each closed in some way before the next begins, so that one that opens a comment does not hide all.
                untrusted_html="\n--></title></style></textarea></script>\n".join(f"<p>{one}</p>" for one in batch),
            )
            for batch in batches
        ]
        path = f"/conversations/{first.conversation_id}"
        seen = watched(window(), alice, here=live_server.url, path=path)
        before = seen.page.url
        for mail in mails:
            seen.page.evaluate(_SHOW, f"/messages/{mail.pk}/html?quotes=open")
            frame = seen.page.frame_locator("mail-frame iframe").first
            assert frame.locator(_LEFT).count() == 0
            assert seen.page.evaluate(_COVERED, _CONTROLS) == []
        assert seen.deeds == []
        assert callers == []
        assert seen.page.url == before


def test_nothing_runs_in_the_frame_even_if_nothing_were_cleaned(
    window: NewWindow, live_server: Any, mailbox: Mailbox, alice: User
) -> None:
    """The cleaner may have a hole one day; the sandbox and the policy are to hold without it."""
    with server_away() as (port, callers):
        vectors = [one.replace(AWAY, f"http://127.0.0.1:{port}") for one in (*own_vectors(), *public_vectors())]
        # A document may leave itself by a refresh, and the frame is then elsewhere: only the cleaner can forbid it.
        vectors = [one for one in vectors if "refresh" not in one.lower()]
        mail = mail_from(mailbox, text="", untrusted_html="<p>Hello</p>")
        page = window(expected="Content Security Policy")
        seen = watched(page, alice, here=live_server.url, path=f"/conversations/{mail.conversation_id}")
        wanted: list[str] = []
        seen.page.route(
            "**/raw-mail",
            lambda route: route.fulfill(
                body=f"<!doctype html><body>{wanted[0]}",
                content_type="text/html; charset=utf-8",
                headers={"Content-Security-Policy": policy(nonce="x"), "X-DNS-Prefetch-Control": "off"},
            ),
        )
        for start in range(0, len(vectors), _AT_ONCE):
            wanted[:] = ["\n--></title></style></textarea></script>\n".join(vectors[start : start + _AT_ONCE])]
            seen.page.evaluate(_SHOW, "/raw-mail")
        # What the policy refuses is reported as a request, too; what counts is who was heard.
        assert [deed for deed in seen.deeds if not deed.startswith("request")] == []
        # That Chromium connects ahead of a link's click is nothing a document's policy can forbid; it asks for nothing.
        assert not any(callers)
