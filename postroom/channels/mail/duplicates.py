"""Recognise the same mail when it comes twice."""

from django.db.models import Exists, OuterRef, QuerySet

from postroom.channels.mail import source_keys
from postroom.channels.mail.models import DUPLICATE, IncomingMail
from postroom.channels.mail.parsed import Parsed


def find_original(mail: IncomingMail, *, parsed: Parsed) -> IncomingMail | None:
    """Return the earlier mail that this one repeats byte for byte in the same mailbox, if it surely is the same.

    Two bare mails of a machine may be equal and both be meant; what carries a Message-ID or a Date is one mail.
    """
    earlier = IncomingMail.objects.filter(mailbox=mail.mailbox, digest=mail.digest, pk__lt=mail.pk)
    earlier = earlier.exclude(state=DUPLICATE).order_by("pk")
    if parsed.message_id or parsed.header("Date"):
        return earlier.first()
    return _before_renumbering(mail, earlier=earlier)


def _before_renumbering(mail: IncomingMail, *, earlier: QuerySet[IncomingMail]) -> IncomingMail | None:
    """Pair a bare mail with itself as the same IMAP folder showed it under another UIDVALIDITY, one to one."""
    key = source_keys.read(mail.source_key)
    if key is None:
        return None
    numbering = f"{key.folder}:{key.uidvalidity}:"
    paired = IncomingMail.objects.filter(duplicate_of=OuterRef("pk"), source_key__startswith=numbering)
    before = earlier.filter(source_key__startswith=f"{key.folder}:").exclude(source_key__startswith=numbering)
    return before.exclude(Exists(paired)).first()
