"""The web client for what providers publish and answer: guarded, bounded, and never led elsewhere."""

from functools import partial
from io import BytesIO
from typing import Any

import requests
from django.utils.translation import gettext as _

from postroom.lib.http import Unreachable, is_private_enough, read_bounded, reason
from postroom.lib.network import session as guarded

# To connect, and between two packets.
_SECONDS = (5, 10)
_MOST_BYTES = 2_000_000


def session() -> requests.Session:
    """Return a session for allauth and for ourselves; it goes nowhere inside our network that is not allowed.

    A redirect is an error (requests.TooManyRedirects): none of these documents has a reason to be elsewhere.
    """
    made = guarded.session()
    made.max_redirects = 0
    made.request = partial(made.request, timeout=_SECONDS, stream=True)  # type: ignore[method-assign]
    made.hooks["response"].append(_bounded)
    return made


def fetch(url: str) -> str:
    """Return a small text document; Unreachable says why there is none."""
    if not is_private_enough(url):
        raise Unreachable(_("%(address)s is not an https address.") % {"address": url})
    try:
        with session() as client, client.get(url) as answer:
            answer.raise_for_status()
            return answer.content.decode("utf-8", "replace")
    except (requests.RequestException, OSError, ValueError) as error:
        raise Unreachable(reason(error)) from error


def _bounded(answer: requests.Response, *_arguments: Any, **_options: Any) -> requests.Response:
    """Read the body at once, no more than is sensible, and let the library find it where it looks."""
    try:
        body = read_bounded(answer, most=_MOST_BYTES)
    except Unreachable as why:
        raise requests.RequestException(str(why)) from why
    answer.raw.close()
    answer.raw = BytesIO(body)
    return answer
