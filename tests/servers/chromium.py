"""The machine's Chromium, driven by Playwright; each person gets a window of their own."""

import os
import shutil
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Protocol

from playwright.sync_api import Browser, Page, expect, sync_playwright

# Playwright's loop runs in the test's own thread, and Django would refuse to be asked there.
os.environ.setdefault("DJANGO_ALLOW_ASYNC_UNSAFE", "true")

# Nothing but the page under test is to be asked for.
_QUIET = ("--no-sandbox", "--disable-gpu", "--disable-quic", "--disable-background-networking", "--disable-sync")


class NewWindow(Protocol):
    """Opens one window; `expected` are words of a complaint that a test provokes on purpose."""

    def __call__(self, *, expected: str = "") -> Page: ...


# What socketserver calls the threads that answer; the live server has one for each connection.
_ANSWERING = "(process_request_thread)"
_PATIENCE_SECONDS = 30

# A busy machine is slow, not wrong.
expect.set_options(timeout=15_000)


@contextmanager
def chromium() -> Iterator[Browser]:
    """Start the browser; RuntimeError when there is none."""
    program = next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None)
    if not program:
        raise RuntimeError("Chromium is not installed here: apt install chromium, or run bin/test --quick.")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=program, args=list(_QUIET))
        yield browser
        browser.close()


@contextmanager
def windows(browser: Browser) -> Iterator[NewWindow]:
    """Give out windows, each with cookies of its own, and complain at the end of what scripts complained about.

    `expected` are words of a complaint that a test provokes on purpose.
    """
    complaints: list[str] = []
    opened = []
    others = answering()

    def open_window(*, expected: str = "") -> Page:
        context = browser.new_context(viewport={"width": 1440, "height": 900}, locale="en-GB")
        context.set_default_timeout(15_000)
        opened.append(context)
        page = context.new_page()
        page.on("pageerror", lambda error: complaints.append(str(error)))
        page.on("console", lambda line: complaints.extend(_policy_breaches(line.text, expected=expected)))
        return page

    yield open_window
    for context in opened:
        context.close()
    _let_the_server_finish(others)
    assert not complaints, complaints


def _policy_breaches(text: str, *, expected: str) -> list[str]:
    breach = "Content Security Policy" in text and not (expected and expected in text)
    return [text] if breach else []


def _let_the_server_finish(others: set[threading.Thread]) -> None:
    """Wait for what a closed window had still asked for: the tables are emptied next, and PostgreSQL would deadlock.

    `others` are threads of before, of some other server that keeps a connection open.
    """
    until = time.monotonic() + _PATIENCE_SECONDS
    quiet = 0
    # Twice in a row: a connection that the server has yet to accept has no thread.
    while quiet < 2 and time.monotonic() < until:
        quiet = 0 if answering() - others else quiet + 1
        time.sleep(0.05)


def answering() -> set[threading.Thread]:
    """Return the threads that answer a request, of any server in this process."""
    return {thread for thread in threading.enumerate() if _ANSWERING in thread.name}
