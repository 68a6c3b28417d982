"""What Mallory types into a form, and how it is posted byte for byte."""

from collections.abc import Mapping
from typing import Any
from urllib.parse import urlencode

from django.test import Client

HOSTILE = {
    "very long": "x" * 100_000,
    "nul": "sup\x00port\x00",
    "control characters": "\x01\x02\x1b[31mred\x7f",
    "header injection": "Ann\r\nBcc: everybody@example.org\r\n\r\nbody",
    "right to left": "\u202egnp.exe\u2066",
    "lone surrogate": "caf\ud800\udfff",
    "markup": "<script>alert(1)</script>&\"'{{ 7 * 7 }}%(name)s",
    "only blanks": " \t\u3000\u200b ",
    "nothing": "",
    "emoji and accents": "Zoë 🧑‍🚀 Ñ",
    "database": "'; DROP TABLE postroom_accounts_user; --",
    "number": "99999999999999999999999999",
    "negative": "-1",
}


def post(client: Client, url: str, form: Mapping[str, object]) -> Any:
    """Post a form as a hostile program would: lone surrogates go out as bytes that are no UTF-8."""
    body = urlencode(form, doseq=True, errors="surrogatepass")
    return client.post(url, body, content_type="application/x-www-form-urlencoded")
