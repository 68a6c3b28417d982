"""Where a folder ends at one moment: what lies behind it is new."""

from dataclasses import dataclass


@dataclass(frozen=True)
class FolderEnd:
    """The folder's UIDVALIDITY and the last UID it has given out (RFC 3501 2.3.1.1), and how many mails are in it.

    A POP3 account has neither: `names` are those that lie there.
    """

    uidvalidity: int
    last_uid: int
    exists: int = 0
    names: tuple[str, ...] = ()
