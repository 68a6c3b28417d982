"""Fetch an image that a mail shows from somewhere else, so that the reader's browser need not go there itself."""

import requests

from postroom.lib.http import Unreachable, read_bounded, reason
from postroom.lib.network.session import session

MOST_BYTES = 10_000_000
_SECONDS = (5, 8)
_WHOLE_SECONDS = 12.0
# No name and version of ours, and nothing of the reader's: neither address nor cookies nor where it is shown.
_HEADERS = {"Accept": "image/webp,image/png,image/jpeg,image/gif;q=0.9,*/*;q=0.1", "User-Agent": "Mozilla/5.0"}


def fetch_image(url: str) -> bytes:
    """Return what lies there, at most 10 MB; Unreachable when it cannot be had, or lies inside our own network."""
    try:
        with session() as client, client.get(url, headers=_HEADERS, timeout=_SECONDS, stream=True) as answer:
            if answer.status_code != 200:
                raise Unreachable(f"It answered with status {answer.status_code}.")
            return read_bounded(answer, most=MOST_BYTES, seconds=_WHOLE_SECONDS)
    except (requests.RequestException, OSError, ValueError) as error:
        raise Unreachable(reason(error)) from error
