"""Take in raw mail: the one door of every transport."""

import errno
from datetime import datetime

from django.db import DatabaseError, IntegrityError, transaction
from django.utils.translation import gettext as _

from postroom.channels.mail.models import FolderCursor, IncomingMail
from postroom.channels.mail.receive import file_at_once
from postroom.core.accounts.models import Mailbox
from postroom.core.storage import blobs
from postroom.lib import clock
from postroom.lib.killpoint import killpoint
from postroom.lib.text import one_line

_FULL = (errno.ENOSPC, errno.EDQUOT)


class CannotStore(Exception):
    """The mail is not safe with us yet: a full disk, a locked database. The sender has to keep it and try again."""

    def __init__(self, why: str, *, disk_full: bool = False) -> None:
        super().__init__(why)
        self.disk_full = disk_full


def accept(
    raw: bytes,
    *,
    mailbox: Mailbox,
    transport: str,
    source_key: str | None = None,
    cursor: FolderCursor | None = None,
    uid: int | None = None,
    server_date: datetime | None = None,
    outgoing: bool = False,
    quiet: bool = False,
    at_once: bool = False,
    envelope_from: str = "",
    envelope_to: str = "",
    problem: str = "",
) -> IncomingMail:
    """Store a mail durably (bytes fsynced, row committed) before returning; only then may it be acknowledged.

    The same `source_key` again returns the first row and stores nothing. `cursor`, `uid` and `server_date` say where it
    lay on the server and when that got it; `outgoing`: from the Sent folder; `quiet`: history, which wakes nobody.
    `at_once` files it here and now, in the same commit, whenever that is safe; else a worker's round does.
    `problem` is a sentence about how the mail came, shown with it. CannotStore when it could not be kept.
    """
    mail = IncomingMail(
        mailbox=mailbox,
        transport=transport,
        source_key=source_key,
        cursor=cursor,
        uid=uid,
        server_date=server_date,
        outgoing=outgoing,
        quiet=quiet,
        size=len(raw),
        envelope_from=one_line(envelope_from, length=320),
        envelope_to=one_line(envelope_to, length=320),
        received_at=clock.now(),
        problem=problem,
    )
    try:
        known = _known(source_key)
        if known:
            return known
        mail.digest, fresh = blobs().put_new(raw)
        killpoint("after_blob")
        if at_once and fresh:
            if file_at_once(mail, raw=raw):
                return mail
            # Somebody else's turn, and one try is used up.
            mail.attempts = 1
        mail = _commit(mail)
    except (OSError, DatabaseError) as error:
        why = _("The mail could not be stored. Send it again later. (%(why)s)") % {"why": error}
        raise CannotStore(why, disk_full=isinstance(error, OSError) and error.errno in _FULL) from error
    killpoint("after_store")
    return mail


def _commit(mail: IncomingMail) -> IncomingMail:
    try:
        with transaction.atomic(durable=True):
            mail.save(force_insert=True)
    except IntegrityError:
        # Another connection took the same IMAP message in meanwhile.
        known = _known(mail.source_key)
        if known:
            return known
        raise
    return mail


def _known(source_key: str | None) -> IncomingMail | None:
    return IncomingMail.objects.filter(source_key=source_key).first() if source_key else None
