"""Secrets of mailboxes, sealed with a key that lies beside the database, not in it."""

from cryptography.fernet import Fernet, InvalidToken


class SealBroken(Exception):
    """A sealed secret was made with another key; it has to be typed again."""


def seal(secret: str, *, key: bytes) -> str:
    """Return the secret encrypted (Fernet, 44-character URL-safe key)."""
    return Fernet(key).encrypt(secret.encode()).decode()


def unseal(sealed: str, *, key: bytes) -> str:
    """Return what `seal` was given; SealBroken when the key does not fit."""
    if not sealed:
        return ""
    try:
        return Fernet(key).decrypt(sealed.encode()).decode()
    except InvalidToken:
        raise SealBroken("This password was sealed with another key. Type it again.") from None
