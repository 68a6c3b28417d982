"""Short questions to other people's web servers, bounded in time and size, without following them elsewhere."""

import ipaddress
import json
from collections.abc import Mapping
from dataclasses import dataclass
from urllib.parse import urlsplit

import requests

# To connect, and between two packets.
_SECONDS = (5, 15)
_MOST_BYTES = 1_000_000


class Unreachable(Exception):
    """The server did not answer, or not like a web server; `str()` says how."""


@dataclass(frozen=True)
class Answer:
    """A server's answer; `fields` is empty when it was no JSON object."""

    status: int
    text: str
    fields: Mapping[str, object]


def get_json(url: str) -> Answer:
    """Fetch a small JSON document; Unreachable when there is none to be had."""
    return _ask("GET", url)


def post_form(url: str, *, body: str, sign_in: tuple[str, str] | None = None) -> Answer:
    """Send a form (already encoded) and read the small JSON answer; Unreachable when none comes.

    `sign_in` is a name and a password for HTTP's own Basic sign-in (RFC 7617).
    """
    return _ask("POST", url, body=body, sign_in=sign_in)


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


def _ask(method: str, url: str, *, body: str = "", sign_in: tuple[str, str] | None = None) -> Answer:
    if not is_private_enough(url):
        raise Unreachable(f"{url} is not an https address.")
    headers = {"Accept": "application/json"}
    if body:
        headers["Content-Type"] = "application/x-www-form-urlencoded"
    try:
        with requests.request(
            method,
            url,
            data=body or None,
            headers=headers,
            auth=sign_in,
            timeout=_SECONDS,
            allow_redirects=False,
            stream=True,
        ) as answer:
            content = answer.raw.read(_MOST_BYTES + 1, decode_content=True)
            status = answer.status_code
    except (requests.RequestException, OSError, ValueError) as error:
        raise Unreachable(_reason(error)) from error
    if len(content) > _MOST_BYTES:
        raise Unreachable("The answer was larger than 1 MB.")
    text = content.decode("utf-8", "replace")
    return Answer(status, text, _fields(text))


def _fields(text: str) -> Mapping[str, object]:
    try:
        found = json.loads(text)
    except (ValueError, RecursionError):
        return {}
    return found if isinstance(found, dict) else {}


def _reason(error: Exception) -> str:
    """Return the innermost cause: the outer ones repeat the address."""
    inner: BaseException = error
    while inner.__cause__ or inner.__context__:
        inner = inner.__cause__ or inner.__context__ or inner
    if isinstance(inner, TimeoutError) or "timed out" in str(inner):
        return "It did not answer in time."
    return (inner.strerror if isinstance(inner, OSError) and inner.strerror else str(inner)) or type(inner).__name__
