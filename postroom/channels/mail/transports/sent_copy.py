"""Lay what left into the mailbox's Sent folder, beside what people send from other mail programs.

A job of its own: whatever goes wrong here, the reply is sent and stays so, and nothing is sent again.
"""

from datetime import timedelta

from django.db.models import F
from imapclient import SEEN
from imapclient.exceptions import IMAPClientError

from postroom.channels.mail.folder_names import SENT
from postroom.channels.mail.models import (
    COPY_AS_NEEDED,
    COPY_GIVEN_UP,
    COPY_LAID,
    COPY_UNNEEDED,
    COPY_WAITING,
    IMAP,
    SentCopy,
    Source,
)
from postroom.channels.mail.pace import rules_of
from postroom.channels.mail.sent_copies import wait_before
from postroom.channels.mail.transports import imap_line
from postroom.channels.mail.transports.access_tokens import server_of
from postroom.channels.mail.transports.imap_asking import select
from postroom.channels.mail.transports.imap_folders import find
from postroom.channels.mail.transports.imap_line import ImapTrouble, own_words
from postroom.channels.mail.transports.imap_wire import Line, is_lost, sense
from postroom.channels.mail.transports.oauth import SignInTrouble
from postroom.core.accounts.models import Mailbox
from postroom.core.storage import blobs
from postroom.lib import clock
from postroom.lib.blobs import BlobMissing
from postroom.lib.killpoint import killpoint
from postroom.lib.marked import marked
from postroom.lib.sealing import SealBroken

_SECONDS = 30
_LEASE = timedelta(minutes=10)
# On one connection.
_AT_ONCE = 20
NO_ACCOUNT = marked("The mailbox fetches its mail from no IMAP account any more.")
FILE_GONE = marked("The mail that was sent is missing on our disk.")
# What Google's servers announce; they keep every sent mail by themselves.
_GOOGLE = "X-GM-EXT-1"


def copy_next() -> bool:
    """Lay the copies that are due for one mailbox; False when there is none. No transaction is open meanwhile."""
    copies = _claim()
    if not copies:
        return False
    mailbox = copies[0].mailbox
    source = Source.objects.filter(mailbox=mailbox, active=True, kind=IMAP).order_by("pk").first()
    if source is None:
        for copy in copies:
            _end(copy, COPY_GIVEN_UP, words=NO_ACCOUNT)
        return True
    try:
        line = imap_line.open_line(server_of(source), seconds=_SECONDS)
    except (ImapTrouble, SealBroken, SignInTrouble) as trouble:
        _put_all_off(mailbox, copies, words=str(trouble))
        return True
    try:
        _lay_all(line, source, copies)
    finally:
        imap_line.close_line(line)
    return True


def _claim() -> list[SentCopy]:
    """Take what is due for the mailbox that waits longest, by moving its next try on."""
    now = clock.now()
    due = SentCopy.objects.filter(next_try_at__lte=now).order_by("next_try_at", "pk")
    first = due.first()
    if first is None:
        return []
    mine = []
    for copy in due.filter(mailbox=first.mailbox_id).select_related("mailbox", "message")[:_AT_ONCE]:
        # Of two workers that saw the same row, one moves it.
        same = SentCopy.objects.filter(pk=copy.pk, next_try_at=copy.next_try_at)
        if same.update(next_try_at=now + _LEASE, attempts=F("attempts") + 1):
            copy.attempts += 1
            mine.append(copy)
    return mine


def _lay_all(line: Line, source: Source, copies: list[SentCopy]) -> None:
    folder = ""
    for place, copy in enumerate(copies):
        try:
            if rules_of(copy.mailbox).keep_copy == COPY_AS_NEEDED and line.has_capability(_GOOGLE):
                _end(copy, COPY_UNNEEDED)
                continue
            folder = folder or _sent_folder(line, source)
            _lay(line, copy, folder)
        except BlobMissing:
            _end(copy, COPY_GIVEN_UP, words=FILE_GONE)
        except (OSError, IMAPClientError) as error:
            words = own_words(error) if isinstance(error, IMAPClientError) else str(error)
            if is_lost(error):
                _put_all_off(copy.mailbox, copies[place:], words=words)
                return
            _put_off(copy, words=words)


def _lay(line: Line, copy: SentCopy, folder: str) -> None:
    """Append the mail unless it lies there: a worker may have died between the two."""
    message = copy.message
    raw = blobs().get(message.raw_digest)
    select(line, folder, readonly=False)
    with sense():
        if not line.search(["HEADER", "Message-ID", message.rfc_id]):
            line.append(folder, raw, flags=(SEEN,), msg_time=message.sent_at)
            killpoint("after_append")
    SentCopy.objects.filter(pk=copy.pk).update(folder=folder[:255])
    _end(copy, COPY_LAID)


def _sent_folder(line: Line, source: Source) -> str:
    """Return the account's folder for sent mail; made when it has none."""
    found = source.sent_folder or find(line, SENT)
    if found:
        return found
    with sense():
        personal = line.namespace().personal if line.has_capability("NAMESPACE") else ()
        prefix = personal[0][0] if personal else ""
        name = f"{prefix}Sent"
        line.create_folder(name)
        line.subscribe_folder(name)
    return name


def _put_all_off(mailbox: Mailbox, copies: list[SentCopy], *, words: str) -> None:
    """The server is away: what else waits for it need not find out one by one."""
    for copy in copies:
        _put_off(copy, words=words)
    now = clock.now()
    waits = wait_before(1) or _LEASE
    SentCopy.objects.filter(mailbox=mailbox, next_try_at__lte=now).update(next_try_at=now + waits)


def _put_off(copy: SentCopy, *, words: str) -> None:
    wait = wait_before(copy.attempts)
    if wait is None:
        _end(copy, COPY_GIVEN_UP, words=words)
    else:
        rows = SentCopy.objects.filter(pk=copy.pk, state=COPY_WAITING)
        rows.update(next_try_at=clock.now() + wait, words=words[:2000])


def _end(copy: SentCopy, state: str, *, words: str = "") -> None:
    SentCopy.objects.filter(pk=copy.pk).update(state=state, next_try_at=None, words=words[:2000])
