"""Styles, scripts, pictures and fonts: read once, packed once, and kept by browsers for ever.

Their addresses hold a version that changes with any of them, and what they name relative to themselves has it, too.
"""

import gzip
import hashlib
from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase, HttpResponseNotAllowed, HttpResponseNotModified

from postroom.faces.web.drawing import assets

Respond = Callable[[HttpRequest], HttpResponseBase]

_A_YEAR = 365 * 24 * 60 * 60
# Machines differ in what they think of a suffix; whatever is not here is not given.
_KINDS = {
    "css": "text/css; charset=utf-8",
    "js": "text/javascript; charset=utf-8",
    "mjs": "text/javascript; charset=utf-8",
    "png": "image/png",
    "svg": "image/svg+xml",
    "txt": "text/plain; charset=utf-8",
    "woff2": "font/woff2",
}
_PACKED_ALREADY = frozenset({"png", "woff2"})


@dataclass(frozen=True)
class _File:
    kind: str
    body: bytes
    packed: bytes
    mark: str


def static_files(get_response: Respond) -> Respond:
    """Answer for /static/ and /assets/; the rest is asked further down."""
    find = _find if settings.DEBUG else lru_cache(maxsize=1000)(_find)

    def middleware(request: HttpRequest) -> HttpResponseBase:
        path = request.path_info
        if not path.startswith(("/static/", "/assets/")):
            return get_response(request)
        if request.method not in ("GET", "HEAD"):
            return HttpResponseNotAllowed(["GET", "HEAD"])
        found = find(*_place_and_name(path))
        return _answer(found, request) if found else HttpResponse(status=404, content_type="text/plain")

    return middleware


def _place_and_name(path: str) -> tuple[str, str]:
    """Return the place and the file's name in it, without the version.

    A page that was open before an update may ask for what it knew: it gets today's.
    """
    _empty, place, *parts = path.split("/")
    if parts and parts[0] != "postroom":
        del parts[0]
    return place, "/".join(parts)


def _find(place: str, name: str) -> _File | None:
    """Read a file. It has one name only: else strangers could have it kept in memory under a thousand."""
    kind = name.rpartition(".")[2]
    if kind not in _KINDS or not {"", ".", ".."}.isdisjoint(name.split("/")):
        return None
    if place == "assets":
        made = assets.made(name)
        body = None if made is None else made.encode()
    else:
        file = settings.STATICFILES_DIRS[0] / name
        body = file.read_bytes() if file.is_file() else None
    if body is None:
        return None
    packed = b"" if kind in _PACKED_ALREADY else gzip.compress(body, mtime=0)
    return _File(_KINDS[kind], body, packed, hashlib.sha256(body).hexdigest()[:20])


def _answer(found: _File, request: HttpRequest) -> HttpResponse:
    known = request.path_info.startswith((settings.STATIC_URL, settings.POSTROOM_ASSETS_URL)) and not settings.DEBUG
    packs = bool(found.packed) and "gzip" in request.headers.get("Accept-Encoding", "")
    # Weak: the same for both ways of sending it.
    headers = {
        "Cache-Control": f"public, max-age={_A_YEAR}, immutable" if known else "no-cache",
        "ETag": f'W/"{found.mark}"',
        "Vary": "Accept-Encoding",
        # A customer's mail is shown in a frame of no origin, in our typeface.
        "Access-Control-Allow-Origin": "*",
    }
    if headers["ETag"] in request.headers.get("If-None-Match", ""):
        return HttpResponseNotModified(headers=headers)
    if packs:
        headers["Content-Encoding"] = "gzip"
    return HttpResponse(found.packed if packs else found.body, content_type=found.kind, headers=headers)
