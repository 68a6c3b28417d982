"""Secrets at rest, sealed with a key that lies beside the database, not in it.

A key is a Fernet key (44 URL-safe characters). Several, newest first and separated by commas, are one key that opens
what any of them has sealed and seals with the first: so a key can be changed while Postroom runs.
"""

from cryptography.fernet import Fernet, InvalidToken, MultiFernet


class SealBroken(Exception):
    """A sealed secret was made with another key; it has to be typed again."""


def seal(secret: str, *, key: bytes) -> str:
    """Return the secret encrypted with the newest key."""
    return _ring(key).encrypt(secret.encode()).decode()


def unseal(sealed: str, *, key: bytes) -> str:
    """Return what `seal` was given; SealBroken when no key fits."""
    if not sealed:
        return ""
    try:
        return _ring(key).decrypt(sealed.encode()).decode()
    except InvalidToken:
        raise SealBroken("This password was sealed with another key. Type it again.") from None


def is_newest(sealed: str, *, key: bytes) -> bool:
    """Tell whether the newest key alone opens it."""
    try:
        Fernet(key.split(b",")[0]).decrypt(sealed.encode())
    except InvalidToken:
        return False
    return True


def _ring(key: bytes) -> MultiFernet:
    return MultiFernet([Fernet(one) for one in key.split(b",")])
