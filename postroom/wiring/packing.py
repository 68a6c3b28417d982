"""Pages are sent packed: gzip, by whoever made them, in the thread that made them."""

import secrets
from typing import Any

from isal import igzip

Headers = list[tuple[bytes, bytes]]

# Files come packed or are none the smaller for it; a stream is sent as it comes.
_KINDS = (b"text/html", b"text/plain", b"text/css", b"text/javascript", b"application/json", b"application/manifest")
# A packet's worth is sent as fast as half of it.
_SMALLEST = 1000
# A sixth of the time of zlib's level 3, and a twentieth more bytes.
_LEVEL = 2
_PAD = 100


def packs(headers: Headers, body: bytes, request: dict[str, Any]) -> bool:
    """Say whether this answer is sent packed."""
    if len(body) < _SMALLEST or "gzip" not in request.get("HTTP_ACCEPT_ENCODING", ""):
        return False
    said = dict(headers)
    # A part of a file is numbered by the octets of the whole.
    whole = b"content-encoding" not in said and b"content-range" not in said
    return whole and said.get(b"content-type", b"").startswith(_KINDS)


def packed(headers: Headers, body: bytes) -> tuple[Headers, bytes]:
    """Return the answer as it is sent.

    A name of random length stands before it, as RFC 1952 allows: who can have a victim's browser ask for pages and sees
    their length must not learn a token by guessing its letters (BREACH, and Django's answer to it).
    """
    small = igzip.compress(body, _LEVEL, mtime=0)
    name = b"a" * secrets.randbelow(_PAD) + b"\0"
    # Flag 8: a name follows the ten bytes of the head.
    small = small[:3] + b"\x08" + small[4:10] + name + small[10:]
    kept = [one for one in headers if one[0] not in (b"content-length", b"vary", b"etag")]
    vary = b", ".join([value for name, value in headers if name == b"vary"] + [b"Accept-Encoding"])
    etag = [(name, value if value.startswith(b"W/") else b"W/" + value) for name, value in headers if name == b"etag"]
    sent = [(b"content-encoding", b"gzip"), (b"content-length", str(len(small)).encode()), (b"vary", vary)]
    return [*kept, *etag, *sent], small
