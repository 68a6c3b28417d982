"""Ten thousand requests that no browser of ours would send: no fault of ours, and nothing that somebody may not see.

Half of them on each engine.
"""

import random
import re
import socket
from copy import copy
from pathlib import Path
from typing import Any
from urllib.parse import quote, urlencode

import dns.exception
import pytest
from django.db import connection, transaction
from django.urls import URLPattern

from postroom.core.conversations.models import Conversation, Message
from tests.faces.web.pages.hostile import HOSTILE
from tests.house import access_scene
from tests.house.access_scene import OTHERS, OUTSIDE, OWN, PEOPLE, SENSITIVE, Scene

BATCHES, REQUESTS = 10, 500
_TEMPLATES = Path("postroom/faces/web/templates")
_NUMBERS = (0, 1, 2, 2**31 - 1, 2**31, 2**63 - 1, 2**63, 10**18)
_WORDS = (
    *HOSTILE.values(),
    "1",
    "on",
    "true",
    "null",
    "[]",
    "{}",
    "%",
    "%00",
    "../../../etc/passwd",
    "http://169.254.169.254/latest/meta-data/",
    "imaps://a@127.0.0.1:1",
    "ann@customers.example",
    "2026-02-30",
    "0001-01-01T00:00",
    "9999-12-31",
    "-0",
    "1e309",
    "٣",
    "x" * 300,
)
_METHODS = ("get",) * 9 + ("post",) * 9 + ("put", "patch", "delete", "head", "options")
_TYPES = (
    "application/x-www-form-urlencoded",
    "multipart/form-data",
    "multipart/form-data; boundary=x",
    "application/json",
    "text/plain; charset=utf-16",
    "application/x-www-form-urlencoded; charset=nonsense",
    "",
)
_HEADERS: tuple[dict[str, str], ...] = (
    {},
    {},
    {},
    {"HX-Request": "true"},
    {"Accept": "application/json"},
    {"Accept-Language": "x" * 2000},
    {"If-None-Match": "\x01", "If-Modified-Since": "yesterday"},
    {"Range": "bytes=-1,5-"},
    {"X-Forwarded-For": "::1, <script>", "X-Forwarded-Proto": "javascript"},
    {"Referer": "https://evil.example/", "Origin": "null"},
    {"Cookie": "postroom_session=../../x; postroom_csrf=\x7f"},
)
# What is written in each of the three, and who may read it there: it must be in no answer to anybody else.
_MARKS = {OWN: b"Pickled-Herring-7731", OTHERS: b"Boiled-Turnip-4410", SENSITIVE: b"Smoked-Eel-9925"}
_READERS = {
    OWN: frozenset(PEOPLE) - {*OUTSIDE, "elsewhere"},
    OTHERS: frozenset({"elsewhere"}),
    SENSITIVE: frozenset({"supervisor"}),
}
# One fills a demo's whole mailbox; the other says by 503 that no worker runs here, which is so.
_LEFT_OUT = frozenset({"setup-demo", "health"})


@pytest.fixture
def cut_off(monkeypatch: pytest.MonkeyPatch) -> None:
    """No request leaves this machine, and no look-up waits for a name server."""

    def only_here(host: str | bytes | None, *rest: Any, **options: Any) -> Any:
        if str(host) in ("127.0.0.1", "localhost", "::1"):
            return found(host, *rest, **options)
        raise socket.gaierror(socket.EAI_NONAME, "there is no network in this test")

    def no_names(*_args: object, **_options: object) -> Any:
        raise dns.exception.Timeout

    found = socket.getaddrinfo
    monkeypatch.setattr(socket, "getaddrinfo", only_here)
    monkeypatch.setattr("dns.resolver.Resolver.resolve", no_names)


@pytest.mark.django_db
@pytest.mark.parametrize("batch", range(BATCHES))
def test_ten_thousand_odd_requests_find_no_fault_and_no_leak(cut_off: None, batch: int) -> None:
    chance = random.Random(f"{connection.vendor} {batch}")
    here = access_scene.scene()
    _mark(here)
    addresses = [one for one in access_scene.patterns() if one.name not in _LEFT_OUT]
    fields = _field_names()
    faults: list[str] = []
    for _number in range(REQUESTS):
        pattern, person = chance.choice(addresses), chance.choice(PEOPLE)
        which = chance.choice((OWN, OWN, OTHERS, SENSITIVE))
        method, address = chance.choice(_METHODS), _address(here, pattern, which, chance)
        if chance.random() < 0.5:
            address += "?" + _form(fields, chance)
        asked = f"{person}: {method} {address[:150]}"
        try:
            status, body = _ask(here, person, method, address, fields, chance)
        except Exception as error:  # noqa: BLE001  (each fault is told, not only the first)
            faults.append(f"{asked}: {type(error).__name__}: {error}"[:400])
            continue
        if status >= 500:
            faults.append(f"{asked}: {status}")
        faults += [
            f"{asked}: shows what is {which} and not for them"
            for which, mark in _MARKS.items()
            if mark in body and person not in _READERS[which]
        ]
    assert not faults, "\n".join(sorted(set(faults))[:40])


@pytest.mark.django_db
def test_the_marks_are_shown_to_those_who_may_see_them() -> None:
    here = access_scene.scene()
    _mark(here)
    for which, person in ((OWN, "agent"), (OTHERS, "elsewhere"), (SENSITIVE, "supervisor")):
        page = here.browsers[person].get(f"/conversations/{here.ids[which]['conversation_id']}")
        assert _MARKS[which] in page.content, which


def _ask(
    here: Scene, person: str, method: str, address: str, fields: list[str], chance: random.Random
) -> tuple[int, bytes]:
    browser = here.browsers[person]
    options: dict[str, Any] = {"headers": chance.choice(_HEADERS)}
    if method in ("post", "put", "patch"):
        options["content_type"] = chance.choice(_TYPES)
        words = _form(fields, chance) if chance.random() < 0.8 else chance.choice(_WORDS)
        options["data"] = words.encode("utf-8", "replace")
    cookies = copy(browser.cookies)
    try:
        with transaction.atomic():
            # Not `post`: the test client would encode the body itself, and stumble over the charset.
            answer = browser.generic(method.upper(), address, **options)
            body = b"".join(answer) if answer.streaming else answer.content
            transaction.set_rollback(True)
    finally:
        browser.cookies = cookies
    return answer.status_code, body


def _address(here: Scene, pattern: URLPattern, which: str, chance: random.Random) -> str:
    address = here.address(pattern, which)
    if chance.random() < 0.6:
        return address
    values = _NUMBERS if chance.random() < 0.5 else [quote(word[:300], errors="replace", safe="") for word in _WORDS]
    return re.sub(r"\d+", lambda _found: str(chance.choice(values)), address)


def _form(fields: list[str], chance: random.Random) -> str:
    pairs = [(chance.choice(fields), chance.choice(_WORDS)) for _each in range(chance.randint(0, 6))]
    return urlencode(pairs, errors="replace" if chance.random() < 0.5 else "surrogatepass")[:150_000]


def _field_names() -> list[str]:
    found: set[str] = {"page", "after", "before", "images", "theme", "part", "tab", "next", "q", "download"}
    for path in _TEMPLATES.glob("*.html"):
        found |= set(re.findall(r"""name=["']([\w-]+)["']""", path.read_text(encoding="utf-8")))
    for path in Path("postroom/faces/web").rglob("*.py"):
        found |= set(
            re.findall(r"""(?:GET|POST|FILES)\.get(?:list)?\(["']([\w-]+)["']""", path.read_text(encoding="utf-8"))
        )
    return sorted(found)


def _mark(here: Scene) -> None:
    """Write into everything that is said in the three conversations which of them it is."""
    for which, mark in _MARKS.items():
        number = int(str(here.ids[which]["conversation_id"]))
        Conversation.objects.filter(pk=number).update(subject=f"Order {mark.decode()}", snippet=mark.decode())
        Message.objects.filter(conversation_id=number).update(text=f"Words {mark.decode()}", subject=mark.decode())
