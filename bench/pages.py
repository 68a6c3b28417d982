"""The pages and the reply, over HTTP against the running server, in turns with a signed-in page with nothing in it."""

import itertools
import secrets
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from django.conf import settings
from django.db import connection
from django.test import Client

from bench import client, statements
from bench.figures import Figure, percentile
from postroom.core.accounts.models import User
from postroom.core.conversations.models import OPEN, Conversation

_ROUNDS = 4
# A list that there is not: signed in and looked up as any page, and then hardly a template.
_NOTHING = "/folders/nothing"


@dataclass(frozen=True)
class Asked:
    """One kind of request: its name, how to make the next one, what it answers, and its bare SQL."""

    name: str
    make: Callable[[], client.Request]
    status: int
    sql: list[statements.Statement]
    bare: client.Request


def pages(engine: str, *, url: str, alice: User, seconds: float) -> list[Figure]:
    """Measure each kind of request with 1 and with 8 clients, each for so many seconds."""
    return [
        _measure(engine, asked, url=url, clients=clients, seconds=seconds)
        for asked in _kinds(alice)
        for clients in (1, 8)
    ]


def _measure(engine: str, asked: Asked, *, url: str, clients: int, seconds: float) -> Figure:
    turn = seconds / _ROUNDS
    client.times(url, asked.make, clients=clients, seconds=turn / 4, expect=asked.status)
    ours: list[float] = []
    bare: list[float] = []
    sql: list[float] = []
    for _ in range(_ROUNDS):
        ours += client.times(url, asked.make, clients=clients, seconds=turn / 2, expect=asked.status)
        bare += client.times(url, lambda: asked.bare, clients=clients, seconds=turn / 4, expect=404)
        sql += statements.times(asked.sql, seconds=turn / 4)
    floor_sql, floor_bare = percentile(sql, 0.5), percentile(bare, 0.5)
    return Figure(
        engine,
        f"{asked.name}, {clients} client{'s' * (clients > 1)}",
        "ms",
        percentile(ours, 0.5),
        percentile(ours, 0.95),
        floor=floor_sql + floor_bare,
        floor_name=f"bare SQL {floor_sql:.2f} ({len(asked.sql)} statements) + empty page {floor_bare:.2f}",
    )


def _kinds(alice: User) -> Iterator[Asked]:
    signed_in = Client(headers={"host": "localhost"})
    signed_in.force_login(alice)
    cookies = f"{settings.SESSION_COOKIE_NAME}={signed_in.cookies[settings.SESSION_COOKIE_NAME].value}"
    own = Conversation.objects.visible_to(alice).filter(status=OPEN)
    numbers = itertools.cycle(own.order_by("-pk").values_list("pk", flat=True)[:2000])
    paths = {
        "inbox page, 50 rows": lambda: "/folders/open",
        "closed, all mailboxes": lambda: "/folders/closed",
        "folder counts": lambda: "/sidebar",
        "conversation page": lambda: f"/conversations/{next(numbers)}",
        "search, one word": lambda: "/search?q=parcel",
    }
    bare = client.get(_NOTHING, cookies=cookies)
    for name, path in paths.items():
        yield Asked(name, _getter(path, cookies=cookies), 200, _sql(_visit(path, by=signed_in)), bare)
    opened = {"HX-Request": "true", "HX-Target": "conversation"}
    yield Asked(
        "conversation, opened in the list",
        lambda: client.get(f"/conversations/{next(numbers)}?in=open", cookies=cookies, target="conversation"),
        200,
        _sql(lambda: signed_in.get(f"/conversations/{next(numbers)}?in=open", headers=opened)),
        bare,
    )
    fields = {"html": "<p>Dear customer,</p><p>a new bell is on its way.</p>"}
    csrf = secrets.token_hex(16)
    yield Asked(
        "reply, POST",
        lambda: client.post(f"/conversations/{next(numbers)}/replies", cookies=cookies, csrf=csrf, fields=fields),
        201,
        _sql(lambda: signed_in.post(f"/conversations/{next(numbers)}/replies", fields)),
        bare,
    )


def _getter(path: Callable[[], str], *, cookies: str) -> Callable[[], client.Request]:
    return lambda: client.get(path(), cookies=cookies)


def _visit(path: Callable[[], str], *, by: Client) -> Callable[[], object]:
    return lambda: by.get(path())


def _sql(ask: Callable[[], object]) -> list[statements.Statement]:
    ask()
    with statements.captured() as found:
        ask()
    connection.close()
    return found
