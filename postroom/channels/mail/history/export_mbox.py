"""All mail of a mailbox as one mbox (mboxrd), which every mail program takes."""

import re
from collections.abc import Iterator
from datetime import UTC, datetime

from postroom.channels.mail.history.holding import Unreadable, bytes_of, mails_of, outside_of, raw_of
from postroom.channels.mail.models import DUPLICATE
from postroom.channels.mail.sight import Sight
from postroom.core.accounts.models import Mailbox

_FROM = re.compile(rb"^(>*From )", re.MULTILINE)
_FIELD = re.compile(rb"[!-9;-~]+[ \t]*:|>*From ")
_NO_ADDRESS = re.compile(r"[^!-~]")
_PIECE = 256 * 1024


def mbox_of(mailbox: Mailbox, *, sight: Sight) -> Iterator[bytes]:
    """Give the mbox in pieces, one mail in memory at a time; what cannot be read is a mail that says so.

    Second copies of a mail are left out, notes are no mails. Lines end as mboxes have it, in LF.
    """
    for message in mails_of(mailbox, sight=sight):
        try:
            raw = raw_of(message)
        except Unreadable as gone:
            raw = _gone(f"Mail {message.pk} of conversation {message.conversation_id}", message.rfc_id, gone)
        yield from _entry(raw, sender=message.from_email or mailbox.address, at=message.sent_at or message.created_at)
    for mail in outside_of(mailbox, sight=sight):
        # One that could not be understood and has a conversation was given with that.
        if mail.state == DUPLICATE or mail.message_id:
            continue
        try:
            raw = bytes_of(mail.digest)
        except Unreadable as gone:
            raw = _gone(f"Mail {mail.pk} of the ledger", "", gone)
        yield from _entry(raw, sender=mail.envelope_from, at=mail.server_date or mail.received_at)


def _entry(raw: bytes, *, sender: str, at: datetime) -> Iterator[bytes]:
    name = _NO_ADDRESS.sub("", sender)[:320] or "MAILER-DAEMON"
    when = at.astimezone(UTC)
    # Readers, and ours among them, know the line by its year.
    when = when if 1970 <= when.year < 2100 else datetime(1970, 1, 1, tzinfo=UTC)
    yield f"From {name} {when.ctime()}\n".encode()
    raw = raw.replace(b"\r\n", b"\n")
    if not _FIELD.match(raw):
        # A header without fields: else the line before would not be taken for a beginning.
        yield b"\n"
    quoted = _FROM.sub(rb">\1", raw)
    for start in range(0, len(quoted), _PIECE):
        yield quoted[start : start + _PIECE]
    yield b"\n" if quoted.endswith(b"\n") else b"\n\n"


def _gone(what: str, rfc_id: str, why: Unreadable) -> bytes:
    named = f"X-Postroom-Missing: {rfc_id}\n" if rfc_id.isascii() else ""
    return f"Subject: {what} is missing\n{named}\n{what} could not be read when this file was written. {why}\n".encode()
