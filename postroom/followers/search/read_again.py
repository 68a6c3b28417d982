"""Read what messages say, and put their words into the index: the round behind the follower."""

from collections.abc import Sequence
from typing import Any

from django.db import connection, transaction

from postroom.core.conversations.models import Attachment, Message
from postroom.core.conversations.models.message import CANCELLED
from postroom.followers.search import files
from postroom.followers.search.document import Sayings, people_of, words_in
from postroom.followers.search.models import READ, Entry, FileText, Stale
from postroom.followers.search.on_postgresql import vector_of
from postroom.followers.search.vocabulary import learn

# SQLite has one writer: whoever posts a reply waits for a batch to end. So many words cost about 20 ms.
_MOST_MESSAGES, _MOST_WORDS = 40, 8000
_LOCK = 7_305_502
_COLUMNS = (
    "pk", "conversation__mailbox_id", "conversation__sensitive_since", "conversation__subject", "subject", "from_name",
    "from_email", "to", "cc", "bcc", "text", "rfc_id",
)  # fmt: skip
_PUT = (
    "INSERT INTO postroom_search_entry (message_id, words) VALUES (%s, %s) ON CONFLICT (message_id) "
    "DO UPDATE SET words = excluded.words WHERE postroom_search_entry.words <> excluded.words"
)
_PUT_VECTOR = _PUT.replace("(%s, %s)", "(%s, %s::tsvector)")


def index_next(*, most: int = _MOST_MESSAGES, words: int = _MOST_WORDS) -> bool:
    """Index the newest messages that wait; tell whether there were any."""
    if not Stale.objects.exists():
        return False
    if connection.vendor != "postgresql":
        return _index(most=most, most_words=words)
    with transaction.atomic(), connection.cursor() as cursor:
        # Two workers would do the same work twice, and wait for each other's words.
        cursor.execute("SELECT pg_try_advisory_xact_lock(%s)", [_LOCK])
        return bool(cursor.fetchone()[0]) and _index(most=most, most_words=words)


def _index(*, most: int, most_words: int) -> bool:
    # Newest first: while an old archive is read, today's mail is found.
    waiting = dict(Stale.objects.order_by("-pk").values_list("pk", "times")[:most])
    found: dict[int, list[str]] = {}
    size = 0
    for said in sayings(list(waiting)):
        found[said.message_id] = words_in(said)
        size += len(found[said.message_id])
        if size > most_words:
            waiting = {number: times for number, times in waiting.items() if number >= said.message_id}
            break
    with transaction.atomic():
        _write(found)
        # Deleted, or taken back: what is not said any more is not found any more.
        Entry.objects.filter(pk__in=waiting.keys() - found.keys()).delete()
        _done(waiting)
    return bool(waiting)


def sayings(message_ids: Sequence[int]) -> list[Sayings]:
    """Return what these messages say, newest first, without those that are not there or were taken back."""
    said = Message.objects.filter(pk__in=message_ids, retracted_at=None).exclude(delivery=CANCELLED)
    rows = said.order_by("-pk").values_list(*_COLUMNS)
    attached: dict[int, list[tuple[str, str]]] = {}
    texts = _texts_of(message_ids, attached)
    return [
        _saying(row, files=[(name, texts.get(digest, "")) for name, digest in attached.get(row[0], ())]) for row in rows
    ]


def _saying(row: tuple[Any, ...], *, files: list[tuple[str, str]]) -> Sayings:
    pk, mailbox_id, sensitive_since, titled, subject, from_name, from_email, to, cc, bcc, text, rfc_id = row
    return Sayings(
        message_id=pk,
        mailbox_id=mailbox_id,
        sensitive=sensitive_since is not None,
        subjects=_subjects(titled, subject),
        sender=((from_name, from_email),),
        to=(*people_of(to), *people_of(bcc)),
        cc=people_of(cc),
        text=text,
        rfc_id=rfc_id,
        files=tuple(files),
    )


def _texts_of(message_ids: Sequence[int], attached: dict[int, list[tuple[str, str]]]) -> dict[str, str]:
    """Fill in the messages' files as (name, digest), and return the texts that were read, by digest."""
    wanted: dict[str, files.Form] = {}
    rows = Attachment.objects.filter(message__in=message_ids, message__retracted_at=None).order_by("pk")
    for number, name, digest, content_type, size, inline in rows.values_list(
        "message_id", "name", "digest", "content_type", "size", "inline"
    ):
        attached.setdefault(number, []).append((name, digest))
        form = None if inline else files.form_of(name, content_type=content_type, size=size)
        if form:
            wanted[digest] = form
    if not wanted:
        return {}
    known = dict(FileText.objects.filter(pk__in=wanted).values_list("pk", "state"))
    files.want_read({digest: form for digest, form in wanted.items() if digest not in known})
    read = [digest for digest, state in known.items() if state == READ]
    return dict(FileText.objects.filter(pk__in=read).values_list("pk", "text"))


def _subjects(titled: str, subject: str) -> tuple[str, ...]:
    """A mail's subject is mostly the conversation's with a Re: before it."""
    return (subject,) if titled in subject else (titled, subject) if subject else (titled,)


def _write(found: dict[int, list[str]]) -> None:
    alive = set(Message.objects.filter(pk__in=found).values_list("pk", flat=True))
    found = {number: words for number, words in found.items() if number in alive}
    postgresql = connection.vendor == "postgresql"
    rows = [
        (number, vector_of(words, message_id=number) if postgresql else " ".join(words))
        for number, words in sorted(found.items())
    ]
    with connection.cursor() as cursor:
        cursor.executemany(_PUT_VECTOR if postgresql else _PUT, rows)
    learn(found)


def _done(waiting: dict[int, int]) -> None:
    """Forget what was done, but for what changed once more since it was read."""
    by_times: dict[int, list[int]] = {}
    for number, times in waiting.items():
        by_times.setdefault(times, []).append(number)
    for times, numbers in by_times.items():
        Stale.objects.filter(pk__in=numbers, times=times).delete()
