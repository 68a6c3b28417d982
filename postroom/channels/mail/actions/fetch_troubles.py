"""Remember what a server names and does not give, and when to ask for it again."""

from datetime import datetime, timedelta

from django.db import transaction

from postroom.channels.mail.models import FetchTrouble, FolderCursor
from postroom.channels.mail.noted import note_mailbox
from postroom.core.events.actor import SYSTEM, Actor
from postroom.lib import clock
from postroom.lib.text import one_line

# After each try; then it is for a person to say.
PAUSES = (timedelta(minutes=1), timedelta(minutes=10), timedelta(hours=1), timedelta(hours=6), timedelta(days=1))


def begin_try(
    cursor: FolderCursor, *, key: str, uid: int | None, size: int, server_date: datetime | None
) -> FetchTrouble | None:
    """Count a try before it is made; None when the mail has failed already and its next try is not due."""
    now = clock.now()
    trouble, made = FetchTrouble.objects.get_or_create(
        key=key,
        defaults={
            "cursor": cursor,
            "uid": uid,
            "size": size,
            "server_date": server_date,
            "first_at": now,
            "last_at": now,
        },
    )
    if not made and (trouble.next_try_at is None or trouble.next_try_at > now):
        return None
    trouble.next_try_at = now + PAUSES[trouble.tries] if trouble.tries < len(PAUSES) else None
    trouble.tries, trouble.last_at = trouble.tries + 1, now
    trouble.save(update_fields=["tries", "last_at", "next_try_at"])
    return trouble


def note(trouble: FetchTrouble, words: str, *, about: str = "") -> None:
    """Write down what the server did; `about` is sender and subject, when it gave the head at least."""
    trouble.words, trouble.about = one_line(words, length=2000), one_line(about, length=300) or trouble.about
    trouble.save(update_fields=["words", "about"])


def fetch_again(trouble: FetchTrouble, *, by: Actor = SYSTEM) -> None:
    """Let the mail be asked for at once, and some times more, as if it had never failed."""
    with transaction.atomic():
        FetchTrouble.objects.filter(pk=trouble.pk).update(tries=0, next_try_at=clock.now())
        if by is not SYSTEM:
            mailbox = trouble.cursor.source.mailbox
            told = {"host": trouble.cursor.source.host, "folder": trouble.cursor.folder, "uid": trouble.uid}
            note_mailbox("ledger_mail.fetched_again", mailbox, by=by, after=told)
