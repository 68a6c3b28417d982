"""The set-up form, filled in."""

from typing import Any

from django.test import Client

TYPED = {
    "owner-name": "Alice Martin",
    "owner-email": "alice@velo.example",
    "owner-password": "a few words in a row",
    "mailbox-name": "Support",
    "mailbox-address": "support@velo.example",
    "mailbox-from_name": "Velo Nord",
    "incoming-way": "lmtp",
    "incoming-security": "tls",
    "outgoing-way": "later",
    "outgoing-security": "starttls",
}


def send(client: Client, token: str, **changes: str) -> Any:
    """Send it with these changes."""
    return client.post(f"/setup/{token}/team", {**TYPED, **changes})
