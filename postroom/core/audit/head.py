"""How far the chain was, kept in a file beside the keys: what is cut off its end in the database shows here."""

import json
import os
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from threading import get_ident

from django.conf import settings

from postroom.core.audit.models import AuditEntry
from postroom.core.audit.proofs import BEGINNING

NAME = "audit.head"


@dataclass(frozen=True)
class Head:
    """The newest seal and its hash; 0 and BEGINNING before the first."""

    seal: int = 0
    hash: str = BEGINNING


class HeadUnreadable(Exception):
    """The file is there and says nothing that we wrote."""


def of_database() -> Head:
    """Return the newest seal in the database."""
    newest = AuditEntry.objects.exclude(seal=None).order_by("-seal").values_list("seal", "hash").first()
    return Head(newest[0] or 0, newest[1]) if newest else Head()


def of_file() -> Head | None:
    """Return what the file says, None when there is none."""
    try:
        text = _path().read_text()
    except FileNotFoundError:
        return None
    try:
        said = json.loads(text)
        return Head(int(said["seal"]), str(said["hash"]))
    except (ValueError, KeyError, TypeError):
        raise HeadUnreadable(f"{_path()} cannot be read as the head of the audit log.") from None


def is_kept() -> bool:
    """Tell whether the database still holds the entry that the file speaks of, as it was."""
    try:
        head = of_file()
    except HeadUnreadable:
        return False
    if head is None:
        # Nothing was sealed, or the file is gone.
        return of_database() == Head()
    return head == Head() or AuditEntry.objects.filter(seal=head.seal, hash=head.hash).exists()


def keep(head: Head, *, at: datetime) -> None:
    """Write the file so that it is whole at any moment, and on the disk on return."""
    path = _path()
    temporary = path.with_name(f".{NAME}.{os.getpid()}.{get_ident()}")
    descriptor = os.open(temporary, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(descriptor, "w") as file:
        json.dump({"seal": head.seal, "hash": head.hash, "at": at.isoformat(timespec="seconds")}, file)
        file.write("\n")
        file.flush()
        os.fsync(file.fileno())
    temporary.replace(path)
    folder = os.open(path.parent, os.O_RDONLY)
    try:
        os.fsync(folder)
    finally:
        os.close(folder)


def _path() -> Path:
    return Path(settings.POSTROOM_DATA) / NAME
