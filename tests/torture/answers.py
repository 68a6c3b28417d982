"""Agents who answer in the browser's way, and press Send again when nothing came back."""

import itertools
import secrets
import threading
import time
from collections.abc import Iterator
from dataclasses import dataclass, field

import httpx
from django.conf import settings
from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
from django.db import Error, connection

from postroom.core.accounts.models import User
from postroom.core.accounts.session_store import SessionStore
from postroom.core.conversations.models import Message
from postroom.core.conversations.models.message import IN


@dataclass
class Answers:
    """What the agents sent; `tokens` of the replies that were taken."""

    wanted: int
    tokens: set[str] = field(default_factory=set)
    tries: int = 0
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def add(self, token: str) -> None:
        """Note a reply that the server has taken."""
        with self._lock:
            self.tokens.add(token)


def session_cookie(user: User) -> str:
    """Sign somebody in without the form, and return the cookie."""
    session = SessionStore()
    session[SESSION_KEY] = str(user.pk)
    session[BACKEND_SESSION_KEY] = settings.AUTHENTICATION_BACKENDS[0]
    session[HASH_SESSION_KEY] = user.get_session_auth_hash()
    session.save()
    return str(session.session_key)


def answer(answers: Answers, *, url: str, cookie: str, stop: threading.Event) -> None:
    """Answer conversation after conversation until enough replies were taken."""
    csrf = secrets.token_hex(16)
    cookies = {settings.SESSION_COOKIE_NAME: cookie, settings.CSRF_COOKIE_NAME: csrf}
    asked = itertools.count()
    with httpx.Client(base_url=url, cookies=cookies, headers={"X-CSRFToken": csrf}, timeout=20) as browser:
        for message in _unanswered(stop):
            if len(answers.tokens) >= answers.wanted:
                break
            token = secrets.token_hex(16)
            form = {"html": f"<p>Answer {next(asked)} {token}</p>", "token": token, "seen": str(message), "anyway": "1"}
            if _sent(browser, message, form, answers, stop):
                answers.add(token)
    connection.close()


def _sent(browser: httpx.Client, message: int, form: dict[str, str], answers: Answers, stop: threading.Event) -> bool:
    conversation = _conversation(message, stop)
    while not stop.is_set():
        answers.tries += 1
        try:
            said = browser.post(f"/conversations/{conversation}/replies", data=form)
        except httpx.HTTPError:
            time.sleep(0.2)
            continue
        if said.status_code == 201:
            return True
        # A full disk or a locked database: the page says so, and the agent presses Send again.
        assert said.status_code >= 500 or said.status_code == 429, f"{said.status_code}: {said.text[:300]}"
        time.sleep(0.3)
    return False


def _conversation(message: int, stop: threading.Event) -> int:
    while not stop.is_set():
        try:
            return Message.objects.values_list("conversation_id", flat=True).get(pk=message)
        except Error:
            # The database restarts.
            connection.close()
            time.sleep(0.3)
    return 0


def _unanswered(stop: threading.Event) -> Iterator[int]:
    """Give out customers' messages, each once, as they come."""
    last = 0
    while not stop.is_set():
        try:
            rows = list(Message.objects.filter(kind=IN, pk__gt=last).order_by("pk").values_list("pk", flat=True)[:50])
        except Error:
            connection.close()
            rows = []
        for last in rows:
            yield last
        if not rows:
            time.sleep(0.3)
