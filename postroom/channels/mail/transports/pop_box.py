"""Take a POP3 account in: what is known is known by the name the server gives it, never by its place in the list."""

import hashlib
import poplib
import threading
from dataclasses import dataclass
from datetime import timedelta

from django.conf import settings

from postroom.channels.mail.actions.fetch_troubles import begin_try, note
from postroom.channels.mail.actions.pop_names import begin, remember
from postroom.channels.mail.intake import accept
from postroom.channels.mail.models import FolderCursor, PopName, Source
from postroom.channels.mail.source_keys import pop_key
from postroom.channels.mail.transports.pop_line import own_words
from postroom.channels.mail.transports.pop_wire import Line
from postroom.core.storage import blobs
from postroom.lib import clock
from postroom.lib.killpoint import killpoint
from postroom.lib.marked import marked

LINE_BROKE = marked("The line broke while this mail was fetched.")
# From here on it takes long enough for somebody to wonder.
_LONG_WAY = 300
_LONGEST_NAME = 200


@dataclass(frozen=True)
class Lying:
    """A mail of the account: its number is good for this session only, its name for all time."""

    number: int
    name: str
    size: int


def lying(line: Line) -> list[Lying]:
    """Return what lies there. Without UIDL (RFC 1939 makes it optional) a mail is known by its head and size."""
    sizes = _numbers(line.list()[1])
    try:
        names = _names(line.uidl()[1])
    except poplib.error_proto:
        names = {number: _own_name(line, number, size) for number, size in sizes.items()}
    found = [Lying(number, name, sizes.get(number, 0)) for number, name in names.items()]
    # The same name twice is the same mail twice (RFC 1939 7).
    return list({one.name: one for one in reversed(found)}.values())[::-1]


def take_box(line: Line, source: Source, stop: threading.Event) -> None:
    """Take in what is new; then delete from the server what has been kept there for long enough."""
    there = lying(line)
    cursor = begin(source, names=[one.name for one in there])
    known = set(cursor.pop_names.values_list("name", flat=True))
    resting = {trouble.key for trouble in cursor.troubles.all() if not _is_due(trouble.next_try_at)}
    new = [one for one in there if one.name not in known]
    _show_progress(cursor, backlog=len(new) if len(new) >= _LONG_WAY else 0)
    for done, one in enumerate(new, start=1):
        if stop.is_set():
            return
        if pop_key(cursor_id=cursor.pk, name=one.name) not in resting:
            _take(line, cursor, one)
        if cursor.backlog and not done % 50:
            FolderCursor.objects.filter(pk=cursor.pk).update(fetched=done)
    _show_progress(cursor, backlog=0)
    if source.keep_days is not None:
        _delete(line, cursor, there, days=source.keep_days)


def _take(line: Line, cursor: FolderCursor, one: Lying) -> None:
    key = pop_key(cursor_id=cursor.pk, name=one.name)
    try:
        raw = _retrieve(line, one)
    except (OSError, poplib.error_proto) as error:
        # It never holds up the next: this one is not asked for again for a while.
        trouble = begin_try(cursor, key=key, uid=None, size=one.size, server_date=None)
        if trouble:
            note(trouble, LINE_BROKE if isinstance(error, OSError) else own_words(error))
        if isinstance(error, OSError):
            raise
        return
    mail = accept(
        raw,
        mailbox=cursor.source.mailbox,
        transport="pop",
        source_key=key,
        cursor=cursor,
        at_once=True,
        problem=_too_large(one, cursor) if one.size > settings.POSTROOM_MAX_MAIL_BYTES else "",
    )
    killpoint("before_pop_name")
    remember(cursor, name=one.name, mail=mail)
    cursor.troubles.filter(key=key).delete()


def _retrieve(line: Line, one: Lying) -> bytes:
    most = settings.POSTROOM_MAX_MAIL_BYTES
    if one.size > most:
        return _joined(line.top(one.number, most // 80)[1])[:most]
    return _joined(line.retr(one.number)[1])


def _joined(lines: list[bytes]) -> bytes:
    return b"".join(line + b"\r\n" for line in lines)


def _delete(line: Line, cursor: FolderCursor, there: list[Lying], *, days: int) -> None:
    """Delete what we took in long enough ago and still hold, to the last byte. It goes when the line is closed."""
    old = clock.now() - timedelta(days=days)
    rows = PopName.objects.filter(cursor=cursor, seen_at__lte=old, mail__isnull=False, mail__problem="")
    taken = dict(rows.values_list("name", "mail__digest"))
    for one in there:
        digest = taken.get(one.name)
        if digest and blobs().path(digest).is_file():
            line.dele(one.number)


def _show_progress(cursor: FolderCursor, *, backlog: int) -> None:
    if cursor.backlog != backlog:
        cursor.backlog, cursor.fetched = backlog, 0
        cursor.save(update_fields=["backlog", "fetched"])


def _own_name(line: Line, number: int, size: int) -> str:
    try:
        head = _joined(line.top(number, 0)[1])
    except poplib.error_proto:
        # No TOP either. Then each mail is looked at whole, each time.
        return f"mail.{hashlib.sha256(_joined(line.retr(number)[1])).hexdigest()}"
    return f"head.{hashlib.sha256(head).hexdigest()}.{size}"


def _numbers(lines: list[bytes]) -> dict[int, int]:
    pairs = [line.split() for line in lines]
    return {int(pair[0]): int(pair[1]) for pair in pairs if len(pair) >= 2 and pair[0].isdigit() and pair[1].isdigit()}


def _names(lines: list[bytes]) -> dict[int, str]:
    pairs = [line.split(None, 1) for line in lines]
    return {
        int(pair[0]): pair[1].strip().decode("latin-1").replace("\0", "")[:_LONGEST_NAME]
        for pair in pairs
        if len(pair) == 2 and pair[0].isdigit() and pair[1].strip()
    }


def _is_due(next_try_at: object) -> bool:
    return next_try_at is not None and next_try_at <= clock.now()  # type: ignore[operator]


def _too_large(one: Lying, cursor: FolderCursor) -> str:
    return (
        f"This mail has {one.size} bytes, more than POSTROOM_MAX_MAIL_BYTES allows. Only its beginning was "
        f"taken; the whole is in the account at {cursor.source.host}."
    )
