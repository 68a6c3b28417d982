"""SQLite's log of what was committed, and the file it is carried over into (sqlite.org/wal.html).

SQLite carries over in the commit that makes the log long: with a large database those are pages all over the file, and
on a rush of mail everybody waits for them (a third of the time of each mail's turn, measured). It can be done beside
the next writer as well; then hardly anything is left for that commit.
"""

import sqlite3
from contextlib import suppress
from itertools import count

from postroom.lib.statements import mine

# So many calls of one process: a mail writes some 45 pages, and the log is carried over anyway at what
# postroom/wiring/database.py says.
_EVERY = 20

_calls = count(1)


def carry_over() -> None:
    """Now and then carry the log over, as far as nobody is in the way; call it after a commit. Nothing elsewhere."""
    connection = mine()
    if connection.vendor != "sqlite" or next(_calls) % _EVERY or connection.in_atomic_block:
        return
    # A full disk, or somebody at it already: what is in the log is safe there, and SQLite itself tries it again.
    with suppress(sqlite3.Error):
        connection.connection.execute("PRAGMA wal_checkpoint(PASSIVE)").fetchall()
