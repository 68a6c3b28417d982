"""`postroom export`: everything that a mailbox holds, as a file or on standard output."""

import os
import sys
from collections.abc import Iterator
from pathlib import Path

from django.db import DatabaseError

from postroom.channels.mail.actions.note_export import note_export
from postroom.channels.mail.history.export import export
from postroom.channels.mail.recipients import find_mailbox
from postroom.channels.mail.sight import Sight, left_out
from postroom.core.audit.operator import operator
from postroom.faces.cli.say import complain

# sysexits.h
NO_SUCH_MAILBOX = 67
CANNOT_CREATE = 73
CANNOT_WRITE = 74
TRY_AGAIN = 75


def export_mailbox(address: str, *, form: str, to: str, sensitive: bool = False) -> int:
    """Write the mailbox as `mbox` or `zip` to this file (-: standard output) and return a sysexits code.

    The file has its name only when it is whole; what was begun and not ended is removed. Sensitive conversations are
    part of it only with `sensitive`, which the audit log keeps.
    """
    try:
        mailbox = find_mailbox(address)
        if mailbox is None:
            complain(f"No mailbox has the address {address}. Nothing was written.")
            return NO_SUCH_MAILBOX
        note_export(mailbox, form=form, by=operator(), sensitive=sensitive)
        sight = Sight(everything=sensitive)
        if hidden := left_out(mailbox, sight=sight):
            complain(f"{hidden} sensitive conversations are left out. With --sensitive they are part of it.")
        pieces = export(mailbox, form=form, sight=sight)
        return _to_standard_output(pieces) if to == "-" else _to_file(pieces, Path(to))
    except DatabaseError as error:
        complain(f"The database cannot be used: {str(error).strip()}. Nothing was written; try again later.")
        return TRY_AGAIN


def _to_standard_output(pieces: Iterator[bytes]) -> int:
    try:
        for piece in pieces:
            sys.stdout.buffer.write(piece)
        sys.stdout.buffer.flush()
    except OSError as error:
        # What is left in the buffer cannot be written either, and would be complained of at the end.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        complain(f"It could not all be written ({error.strerror}). What was written is not whole.")
        return CANNOT_WRITE
    return 0


def _to_file(pieces: Iterator[bytes], path: Path) -> int:
    partial = path.with_name(f".{path.name}.part-{os.getpid()}")
    try:
        # Customers' mail: nobody else on this machine may read it.
        file = os.fdopen(os.open(partial, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb")
    except OSError as error:
        complain(f"{path} cannot be written ({error.strerror}). Nothing was written.")
        return CANNOT_CREATE
    try:
        with file:
            for piece in pieces:
                file.write(piece)
            file.flush()
            os.fsync(file.fileno())
        partial.replace(path)
    except OSError as error:
        complain(f"{path} could not be written to its end ({error.strerror}). What was begun is removed.")
        return CANNOT_WRITE
    finally:
        partial.unlink(missing_ok=True)
    return 0
