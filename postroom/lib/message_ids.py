"""Message-IDs of our own (RFC 5322 3.6.4)."""

import secrets


def make(conversation_id: int, *, domain: str) -> str:
    """Return a new, unguessable Message-ID with angle brackets; the number in it helps people and is never trusted."""
    return f"<{conversation_id}.{secrets.token_hex(12)}@{domain or 'postroom.invalid'}>"
