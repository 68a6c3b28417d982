"""The pipe: a local mail server runs `postroom deliver < mail.eml`; the exit code says what became of the mail."""

import sys
from collections.abc import Iterator
from typing import BinaryIO, TextIO

from django.conf import settings
from django.db import DatabaseError
from django.utils.translation import gettext as _

from postroom.channels.mail.intake import CannotStore, accept
from postroom.channels.mail.parse import parse
from postroom.channels.mail.parsed import Parsed
from postroom.channels.mail.recipients import find_mailbox
from postroom.core.accounts.models import Mailbox

# sysexits.h: a mail server bounces a 67, keeps the mail and tries again after a 75.
STORED = 0
USAGE = 64
TOO_BIG = 65
NO_SUCH_MAILBOX = 67
TRY_AGAIN = 75

# Where a mail server notes to whom it delivered, the surest first; To and Cc are what the sender wrote.
_DELIVERED = ("Delivered-To", "X-Original-To", "Envelope-To", "X-Envelope-To")


def deliver(stream: BinaryIO, *, to: str = "") -> int:
    """Store the mail that the stream holds and return a sysexits code; see `deliver_from_pipe`."""
    # One byte more than allowed tells that it is too big, without reading what may have no end.
    raw = stream.read(settings.POSTROOM_MAX_MAIL_BYTES + 1)
    return deliver_from_pipe(raw, recipient=to or None)


def deliver_from_pipe(
    raw: bytes, *, recipient: str | None = None, sender: str = "", errors: TextIO | None = None
) -> int:
    """Store a mail and return a sysexits code; what went wrong is a sentence on `errors` (standard error).

    Without a recipient the mailbox is looked for in Delivered-To, X-Original-To, To and Cc.
    """
    say = errors or sys.stderr
    if not raw.strip():
        print(_("There is no mail on standard input. Use: postroom deliver < mail.eml"), file=say)
        return USAGE
    if len(raw) > settings.POSTROOM_MAX_MAIL_BYTES:
        print(_("This mail is larger than POSTROOM_MAX_MAIL_BYTES allows; nothing was stored."), file=say)
        return TOO_BIG
    try:
        mailbox = _mailbox(raw, recipient)
        if mailbox is None:
            print(_unknown(recipient), file=say)
            return NO_SUCH_MAILBOX
        accept(raw, mailbox=mailbox, transport="pipe", envelope_from=sender, envelope_to=recipient or mailbox.address)
    except CannotStore as refusal:
        print(refusal, file=say)
        return TRY_AGAIN
    except DatabaseError as error:
        print(_("The database cannot be used just now. Try again later. (%(why)s)") % {"why": error}, file=say)
        return TRY_AGAIN
    return STORED


def _mailbox(raw: bytes, recipient: str | None) -> Mailbox | None:
    if recipient is not None:
        return find_mailbox(recipient)
    return next((mailbox for address in _candidates(parse(raw)) if (mailbox := find_mailbox(address))), None)


def _candidates(parsed: Parsed) -> Iterator[str]:
    for name in _DELIVERED:
        yield from parsed.header_all(name)
    for address in (*parsed.to, *parsed.cc):
        yield address.email


def _unknown(recipient: str | None) -> str:
    if recipient is not None:
        return _("There is no mailbox %(address)s here.") % {"address": recipient}
    return _("No mailbox of ours is among the recipients of this mail. Name one: postroom deliver --to ADDRESS")
