"""Where an IMAP folder ends at one moment: what lies behind it is new."""

from dataclasses import dataclass


@dataclass(frozen=True)
class FolderEnd:
    """The folder's UIDVALIDITY and the last UID it has given out (RFC 3501 2.3.1.1)."""

    uidvalidity: int
    last_uid: int
