"""Make the index anew, and say how far it is."""

from dataclasses import dataclass
from datetime import datetime

from django.db import connection, transaction

from postroom.followers.search.models import NOTHING, WAITING, Entry, FileText, Near, Stale, Word
from postroom.followers.search.react import note

_AT_ONCE = 5000


@dataclass(frozen=True)
class State:
    """How many messages can be found and how many wait to be read (since when); the same of files."""

    found: int
    waiting: int
    waiting_since: datetime | None
    files_waiting: int
    files_without_words: int


def state() -> State:
    """Return how far the index is. It counts all entries: for a command, not for a page."""
    oldest = Stale.objects.order_by("at").values_list("at", flat=True).first()
    files = FileText.objects.all()
    return State(
        found=Entry.objects.count(),
        waiting=Stale.objects.count(),
        waiting_since=oldest,
        files_waiting=files.filter(state=WAITING).count(),
        files_without_words=files.filter(state=NOTHING).count(),
    )


def rebuild(*, files: bool = False) -> int:
    """Forget all words and ask for every message to be read, newest first; return how many there are.

    The worker does the reading, or whoever calls index_next() until it has nothing to do. Until then search finds what
    was read so far. `files`: read the attached files once more as well.
    """
    with transaction.atomic():
        _empty()
        for model in (Word, Near, *((FileText,) if files else ())):
            model.objects.all().delete()
        with connection.cursor() as cursor:
            cursor.execute("SELECT coalesce(max(id), 0) FROM postroom_conversations_message")
            newest = int(cursor.fetchone()[0])
    for low in range(0, newest + 1, _AT_ONCE):
        with transaction.atomic():
            note("id BETWEEN %s AND %s", low, low + _AT_ONCE - 1)
    return Stale.objects.count()


def _empty() -> None:
    """Empty the index with its own means: its rows one by one would take as long as to make them."""
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            # What this transaction added is checked now, or nothing could be emptied.
            cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
            cursor.execute("TRUNCATE postroom_search_entry")
            return
        # The trigger would look each word up to take it out.
        cursor.execute("DROP TRIGGER postroom_search_deleted")
        cursor.execute("DELETE FROM postroom_search_entry")
        cursor.execute("INSERT INTO postroom_search_index (postroom_search_index) VALUES ('rebuild')")
        cursor.execute(
            "CREATE TRIGGER postroom_search_deleted AFTER DELETE ON postroom_search_entry BEGIN "
            "INSERT INTO postroom_search_index (postroom_search_index, rowid, words) "
            "VALUES ('delete', old.message_id, old.words); END"
        )
