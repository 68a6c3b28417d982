"""Refusals as programs read them: problem details (RFC 9457)."""

import json
from collections.abc import Mapping
from http import HTTPStatus

MEDIA_TYPE = "application/problem+json"
# Below this all refusals are problem details, whoever makes them.
API = "/api/"


def body(status: int, *, code: str, detail: str, more: Mapping[str, object] | None = None) -> bytes:
    """Return a problem as JSON: `code` is for programs, `detail` a sentence for people; `more` goes beside them."""
    said = {"type": "about:blank", "title": HTTPStatus(status).phrase, "status": status, "code": code, "detail": detail}
    return json.dumps({**said, **(more or {})}).encode()
