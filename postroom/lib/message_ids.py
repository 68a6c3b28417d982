"""Message-IDs of our own (RFC 5322 3.6.4), with a proof of the conversation in their left half.

A relay may put its own domain behind the @, or drop that half: what is left still says which conversation it was.
"""

import hashlib
import hmac
import re
import secrets

_OWN = re.compile(r"<?(\d{1,18})(?:s(\d{1,18}))?\.([0-9a-f]{16})([0-9a-f]{16})(?![0-9a-z])", re.IGNORECASE)
# The older ones had no proof and a longer chance.
_LIKE_OURS = re.compile(r"<?\d{1,18}(?:s\d{1,18})?\.(?:[0-9a-f]{32}|[0-9a-f]{24})(?![0-9a-z])", re.IGNORECASE)
# Stands for the whole conversation instead of one mail.
_ROOT = "0" * 16


def make(conversation_id: int, *, domain: str, key: bytes, side: int | None = None) -> str:
    """Return a new, unguessable Message-ID with angle brackets; `side` is the side thread that the mail belongs to."""
    return _written(_place(conversation_id, side), secrets.token_hex(8), domain=domain, key=key)


def root(conversation_id: int, *, domain: str, key: bytes, side: int | None = None) -> str:
    """Return the id that a mail may quote when it answers none: always the same for a conversation or side thread."""
    return _written(_place(conversation_id, side), _ROOT, domain=domain, key=key)


def conversation_of(rfc_id: str, *, key: bytes) -> int | None:
    """Return the conversation that an id of ours was made for; None for a side thread's, another's or a forged id."""
    found = _proven(rfc_id, key=key)
    return int(found[1]) if found and found[2] is None else None


def side_of(rfc_id: str, *, key: bytes) -> int | None:
    """Return the side thread that an id of ours was made for; None for any other or forged id."""
    found = _proven(rfc_id, key=key)
    return int(found[2]) if found and found[2] else None


def looks_ours(rfc_id: str) -> bool:
    """Tell whether an id is made as ours are; it spares a question to the database and proves nothing."""
    return _LIKE_OURS.match(rfc_id) is not None


def _proven(rfc_id: str, *, key: bytes) -> re.Match[str] | None:
    found = _OWN.match(rfc_id)
    if not found:
        return None
    place = _place(int(found[1]), int(found[2]) if found[2] else None)
    expected = _proof(place, found[3].lower(), key=key)
    return found if hmac.compare_digest(expected, found[4].lower()) else None


def _place(conversation_id: int, side: int | None) -> str:
    return str(conversation_id) if side is None else f"{conversation_id}s{side}"


def _written(place: str, token: str, *, domain: str, key: bytes) -> str:
    return f"<{place}.{token}{_proof(place, token, key=key)}@{domain or 'postroom.invalid'}>"


def _proof(place: str, token: str, *, key: bytes) -> str:
    said = f"message-id\n{place}\n{token}".encode()
    return hmac.new(key, said, hashlib.sha256).hexdigest()[:16]
