"""Take in raw mail: the one door of every transport."""

from django.db import DatabaseError, transaction
from django.utils.translation import gettext as _

from postroom.channels.mail.models import IncomingMail
from postroom.core.accounts.models import Mailbox
from postroom.core.storage import blobs
from postroom.lib import clock
from postroom.lib.killpoint import killpoint
from postroom.lib.text import one_line


class CannotStore(Exception):
    """The mail is not safe with us yet: a full disk, a locked database. The sender has to keep it and try again."""


def accept(
    raw: bytes,
    *,
    mailbox: Mailbox,
    transport: str,
    source_key: str | None = None,
    envelope_from: str = "",
    envelope_to: str = "",
    problem: str = "",
) -> IncomingMail:
    """Store a mail durably (bytes fsynced, row committed) before returning; only then may it be acknowledged.

    The same `source_key` again returns the first row and stores nothing. CannotStore when it could not be kept.
    """
    try:
        known = _known(source_key)
        if known:
            return known
        digest = blobs().put(raw)
        killpoint("after_blob")
        with transaction.atomic(durable=True):
            mail, _created = IncomingMail.objects.get_or_create(
                **_identity(source_key),
                defaults={
                    "mailbox": mailbox,
                    "transport": transport,
                    "digest": digest,
                    "size": len(raw),
                    "envelope_from": one_line(envelope_from, length=320),
                    "envelope_to": one_line(envelope_to, length=320),
                    "received_at": clock.now(),
                    "problem": problem,
                },
            )
    except (OSError, DatabaseError) as error:
        raise CannotStore(_("The mail could not be stored and has to be sent again later: %s") % error) from error
    killpoint("after_store")
    return mail
