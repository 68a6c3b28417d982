"""Ask a running server as a program does."""

import json
from dataclasses import dataclass
from typing import Any
from urllib.error import HTTPError
from urllib.request import Request, urlopen


@dataclass(frozen=True)
class Asked:
    """The status, and the JSON that came with it."""

    status: int
    body: dict[str, Any]


def ask(method: str, url: str, token: str, body: object = None) -> Asked:
    """Send one request and return its answer, whatever it is."""
    headers = {"Authorization": f"Bearer {token}", "Content-Type": "application/json"}
    sent = None if body is None else json.dumps(body).encode()
    try:
        with urlopen(Request(url, data=sent, method=method, headers=headers), timeout=60) as answer:
            return Asked(answer.status, json.load(answer))
    except HTTPError as refused:
        with refused:
            return Asked(refused.code, json.load(refused))
