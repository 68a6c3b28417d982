"""Message-IDs of our own (RFC 5322 3.6.4), with a proof of the conversation in their left half.

A relay may put its own domain behind the @, or drop that half: what is left still says which conversation it was.
"""

import hashlib
import hmac
import re
import secrets

_OWN = re.compile(r"<?(\d{1,18})\.([0-9a-f]{16})([0-9a-f]{16})(?![0-9a-z])", re.IGNORECASE)
# The older ones had no proof and a longer chance.
_LIKE_OURS = re.compile(r"<?\d{1,18}\.(?:[0-9a-f]{32}|[0-9a-f]{24})(?![0-9a-z])", re.IGNORECASE)
# Stands for the whole conversation instead of one mail.
_ROOT = "0" * 16


def make(conversation_id: int, *, domain: str, key: bytes) -> str:
    """Return a new, unguessable Message-ID with angle brackets."""
    return _written(conversation_id, secrets.token_hex(8), domain=domain, key=key)


def root(conversation_id: int, *, domain: str, key: bytes) -> str:
    """Return the id that a mail may quote when it answers none: always the same for a conversation."""
    return _written(conversation_id, _ROOT, domain=domain, key=key)


def conversation_of(rfc_id: str, *, key: bytes) -> int | None:
    """Return the conversation that an id of ours was made for, None for any other or forged id."""
    found = _OWN.match(rfc_id)
    if not found:
        return None
    expected = _proof(int(found[1]), found[2].lower(), key=key)
    return int(found[1]) if hmac.compare_digest(expected, found[3].lower()) else None


def looks_ours(rfc_id: str) -> bool:
    """Tell whether an id is made as ours are; it spares a question to the database and proves nothing."""
    return _LIKE_OURS.match(rfc_id) is not None


def _written(conversation_id: int, token: str, *, domain: str, key: bytes) -> str:
    proof = _proof(conversation_id, token, key=key)
    return f"<{conversation_id}.{token}{proof}@{domain or 'postroom.invalid'}>"


def _proof(conversation_id: int, token: str, *, key: bytes) -> str:
    said = f"message-id\n{conversation_id}\n{token}".encode()
    return hmac.new(key, said, hashlib.sha256).hexdigest()[:16]
