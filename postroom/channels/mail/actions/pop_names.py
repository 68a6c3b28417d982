"""Remember which mails of a POP3 account were looked at."""

from collections.abc import Iterable

from django.db import transaction

from postroom.channels.mail.models import FolderCursor, IncomingMail, PopName, Source
from postroom.lib import clock

# POP3 knows one folder only.
FOLDER = "INBOX"


def begin(source: Source, *, names: Iterable[str]) -> FolderCursor:
    """Return the account's cursor; at the first look, what lies there already is passed over unless it is wanted."""
    with transaction.atomic():
        cursor, made = FolderCursor.objects.get_or_create(source=source, folder=FOLDER, defaults={"uidvalidity": 0})
        if made and not source.import_existing:
            now = clock.now()
            PopName.objects.bulk_create(
                [PopName(cursor=cursor, name=name, seen_at=now) for name in names], ignore_conflicts=True
            )
    return cursor


def remember(cursor: FolderCursor, *, name: str, mail: IncomingMail) -> None:
    """Remember that this mail is here."""
    PopName.objects.get_or_create(cursor=cursor, name=name, defaults={"mail": mail, "seen_at": clock.now()})
