"""The name of an IMAP message for all time: UIDVALIDITY and UID together (RFC 3501 2.3.1.1), per folder."""

from dataclasses import dataclass


@dataclass(frozen=True)
class SourceKey:
    """`folder` tells one folder of one account; with `uidvalidity` and the UID it tells one message."""

    folder: str
    uidvalidity: int
    uid: int

    def __str__(self) -> str:
        return f"{self.folder}:{self.uidvalidity}:{self.uid}"


def source_key(*, cursor_id: int, uidvalidity: int, uid: int) -> str:
    """Return the key that makes a second fetch of a message the same IncomingMail.

    The cursor's own id stands for the folder: another account in its place begins with another cursor.
    """
    return str(SourceKey(f"imap.{cursor_id}", uidvalidity, uid))


def pop_key(*, cursor_id: int, name: str) -> str:
    """As `source_key`, for a mail of a POP3 account: by the name that the server gave it (RFC 1939 7, UIDL)."""
    return f"pop.{cursor_id}/{name}"


def read(key: str | None) -> SourceKey | None:
    """Return the parts of a key; None for mail that did not come from an IMAP folder."""
    parts = (key or "").split(":")
    if len(parts) != 3 or not parts[0].startswith("imap.") or not (parts[1].isdigit() and parts[2].isdigit()):
        return None
    return SourceKey(parts[0], int(parts[1]), int(parts[2]))
