"""Mail addresses as people and as the database compare them."""

import re

# Deliberately loose: one @, no spaces or control characters, both sides filled. Servers decide the rest.
_ADDRESS = re.compile(r"[^\s@<>\"(),:;\\\x00-\x1f\x7f]+@[^\s@<>\"(),:;\\\x00-\x1f\x7f]+")


def normalize(address: str) -> str:
    """Return the address as it is compared and stored: trimmed, in lower case."""
    return address.strip().lower()


def is_address(text: str) -> bool:
    """Tell whether the text could be one mail address (254 characters at most, RFC 5321 4.5.3.1)."""
    return len(text) <= 254 and _ADDRESS.fullmatch(text) is not None


def domain(address: str) -> str:
    """Return what follows the last @, or an empty string."""
    return address.rpartition("@")[2] if "@" in address else ""
