"""What a page weighs on the wire, packed as browsers take it: the HTML alone, once all else is in their cache."""

from urllib.request import Request, urlopen

from django.conf import settings
from django.test import Client

from bench.figures import Figure
from postroom.core.accounts.models import User
from postroom.core.conversations.models import OPEN, Conversation


def weight(engine: str, *, url: str, alice: User) -> list[Figure]:
    """Ask for each page once, packed and plain."""
    signed_in = Client(headers={"host": "localhost"})
    signed_in.force_login(alice)
    cookies = f"{settings.SESSION_COOKIE_NAME}={signed_in.cookies[settings.SESSION_COOKIE_NAME].value}"
    newest = Conversation.objects.visible_to(alice).filter(status=OPEN).order_by("-pk").values_list("pk", flat=True)[0]
    paths = {
        "inbox page, 50 rows": "/folders/open",
        "folder counts": "/sidebar",
        "conversation page": f"/conversations/{newest}",
        "search, one word": "/search?q=parcel",
    }
    return [_weighed(engine, name, url + path, cookies=cookies) for name, path in paths.items()]


def _weighed(engine: str, name: str, url: str, *, cookies: str) -> Figure:
    packed, plain = (
        len(urlopen(Request(url, headers={"Cookie": cookies, "Accept-Encoding": way})).read())  # noqa: S310  (our own)
        for way in ("gzip", "identity")
    )
    return Figure(engine, f"{name}, packed", "kB", packed / 1000, floor_name=f"{plain / 1000:.1f} kB before")
