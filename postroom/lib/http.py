"""Short questions to other people's web servers, bounded in time and size, and never to a machine of our own."""

import ipaddress
import json
import time
from collections.abc import Mapping
from dataclasses import dataclass
from urllib.parse import urlsplit

import requests

from postroom.lib.network.session import session, went_inside

# To connect, and between two packets.
_SECONDS = (5, 10)
_WHOLE_SECONDS = 20.0
_PIECE = 65536
_MOST_BYTES = 1_000_000


class Unreachable(Exception):
    """The server did not answer, or not like a web server; `str()` says how."""


@dataclass(frozen=True)
class Answer:
    """A server's answer; `fields` is empty when it was no JSON object."""

    status: int
    text: str
    fields: Mapping[str, object]
    # How many seconds to leave it alone, when it said so (RFC 9110, 10.2.3); 0 when it did not, or gave a date.
    retry_after: int = 0


def get_json(url: str) -> Answer:
    """Fetch a small JSON document; Unreachable when there is none to be had."""
    return _ask("GET", url)


def post_form(url: str, *, body: str, sign_in: tuple[str, str] | None = None) -> Answer:
    """Send a form (already encoded) and read the small JSON answer; Unreachable when none comes.

    `sign_in` is a name and a password for HTTP's own Basic sign-in (RFC 7617).
    """
    return _ask("POST", url, body=body, sign_in=sign_in)


def post_bytes(url: str, *, body: bytes, headers: Mapping[str, str]) -> Answer:
    """Send bytes and read the short answer, which may be empty; Unreachable when none comes."""
    return _ask("POST", url, body=body, headers=headers)


def is_private_enough(url: str) -> bool:
    """Tell whether what is said to this address is hidden on its way: https, or this very machine."""
    parts = urlsplit(url)
    if parts.scheme == "https":
        return bool(parts.hostname)
    return parts.scheme == "http" and _is_here(parts.hostname or "")


def _is_here(host: str) -> bool:
    try:
        return host == "localhost" or ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


def _ask(
    method: str,
    url: str,
    *,
    body: str | bytes = "",
    headers: Mapping[str, str] | None = None,
    sign_in: tuple[str, str] | None = None,
) -> Answer:
    if not is_private_enough(url):
        raise Unreachable(f"{url} is not an https address.")
    sent = {"Accept": "application/json"}
    if isinstance(body, str) and body:
        sent["Content-Type"] = "application/x-www-form-urlencoded"
    sent.update(headers or {})
    try:
        with (
            session() as client,
            client.request(
                method,
                url,
                data=body or None,
                headers=sent,
                auth=sign_in,
                timeout=_SECONDS,
                allow_redirects=False,
                stream=True,
            ) as answer,
        ):
            content = read_bounded(answer, most=_MOST_BYTES)
            status = answer.status_code
            wait = answer.headers.get("Retry-After", "")
    except (requests.RequestException, OSError, ValueError) as error:
        raise Unreachable(reason(error)) from error
    text = content.decode("utf-8", "replace")
    seconds = int(wait) if wait.isascii() and wait.isdigit() and len(wait) < 6 else 0
    return Answer(status, text, _fields(text), seconds)


def _fields(text: str) -> Mapping[str, object]:
    try:
        found = json.loads(text)
    except (ValueError, RecursionError):
        return {}
    return found if isinstance(found, dict) else {}


def read_bounded(answer: requests.Response, *, most: int, seconds: float = _WHOLE_SECONDS) -> bytes:
    """Return the body; Unreachable when it is larger than `most` bytes or trickles in longer than `seconds`."""
    until = time.monotonic() + seconds
    content = bytearray()
    while piece := answer.raw.read1(_PIECE, decode_content=True):
        content += piece
        if len(content) > most:
            raise Unreachable(f"The answer was larger than {most / 1_000_000:g} MB.")
        if time.monotonic() > until:
            raise Unreachable("It did not answer in time.")
    return bytes(content)


def reason(error: Exception) -> str:
    """Return the innermost cause: the outer ones repeat the address."""
    if inside := went_inside(error):
        return f"{inside.host} is a machine inside our own network ({inside.address}), and an owner has not allowed it."
    inner: BaseException = error
    while inner.__cause__ or inner.__context__:
        inner = inner.__cause__ or inner.__context__ or inner
    if isinstance(inner, TimeoutError) or "timed out" in str(inner):
        return "It did not answer in time."
    return (inner.strerror if isinstance(inner, OSError) and inner.strerror else str(inner)) or type(inner).__name__
