"""The installation's own keys: made once, beside the database and never in it."""

import base64
import hashlib
import os
import secrets
from pathlib import Path


def secret(data: Path, *, name: str = "secret.key") -> str:
    """Return the text of this key in the data folder, made on the first start (readable by its owner only).

    `secret.key` seals and signs and may be changed; `audit.key` proves the audit log and has to stay as long as that.
    """
    path = data / name
    try:
        return path.read_text().strip()
    except FileNotFoundError:
        pass
    data.mkdir(mode=0o700, parents=True, exist_ok=True)
    temporary = path.with_name(f".{name}.{os.getpid()}")
    descriptor = os.open(temporary, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(descriptor, "w") as file:
        file.write(secrets.token_urlsafe(48))
        file.flush()
        os.fsync(file.fileno())
    try:
        # link() refuses to replace: of two first starts at once, one key wins for both.
        os.link(temporary, path)
    except FileExistsError:
        pass
    finally:
        temporary.unlink()
    return path.read_text().strip()


def ring(data: Path) -> list[str]:
    """Return the keys of `secret.key`, newest first: two or more only while the key is being changed."""
    return secret(data).split()


def begin_change(data: Path) -> None:
    """Put a new key before those of `secret.key`; everything sealed so far can still be opened."""
    _replace(data, [secrets.token_urlsafe(48), *ring(data)])


def end_change(data: Path) -> None:
    """Keep the newest key of `secret.key` only."""
    _replace(data, ring(data)[:1])


def _replace(data: Path, kept: list[str]) -> None:
    path = data / "secret.key"
    temporary = path.with_name(f".secret.key.{os.getpid()}")
    descriptor = os.open(temporary, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(descriptor, "w") as file:
        file.write("\n".join(kept))
        file.flush()
        os.fsync(file.fileno())
    # A crash leaves the one or the other, and each opens everything.
    temporary.replace(path)
    folder = os.open(data, os.O_RDONLY)
    try:
        os.fsync(folder)
    finally:
        os.close(folder)


def derived(text: str, *, purpose: str) -> bytes:
    """Return a Fernet key (44 URL-safe characters) for one purpose, so that no two uses share a key."""
    return base64.urlsafe_b64encode(hashlib.sha256(f"{purpose}:{text}".encode()).digest())
