"""Recognise the same mail when it comes twice."""

from django.db.models import Exists, OuterRef, Q, QuerySet

from postroom.channels.mail import source_keys
from postroom.channels.mail.claims import has_row
from postroom.channels.mail.models import DUPLICATE, STORED, IncomingMail
from postroom.channels.mail.parsed import Parsed
from postroom.core.conversations.former import is_or_was_in
from postroom.core.conversations.models import Conversation, Message
from postroom.core.conversations.models.message import IN, OUT
from postroom.lib.rows import find


def find_original(mail: IncomingMail, *, parsed: Parsed) -> IncomingMail | None:
    """Return the earlier mail that this one repeats byte for byte in the same mailbox, if it surely is the same.

    Two bare mails of a machine may be equal and both be meant; what carries a Message-ID or a Date is one mail.
    """
    if not _others(mail):
        return None
    # What another worker decided a moment ago counts as earlier, though its row may be younger.
    before = Q(pk__lt=mail.pk) | ~Q(state=STORED) if has_row(mail) else Q()
    earlier = IncomingMail.objects.filter(before, mailbox=mail.mailbox, digest=mail.digest).exclude(pk=mail.pk)
    earlier = earlier.exclude(state=DUPLICATE).order_by("pk")
    if parsed.message_id or parsed.header("Date"):
        return earlier.first()
    return _before_renumbering(mail, earlier=earlier)


def find_own_reply(mail: IncomingMail, *, parsed: Parsed) -> Message | None:
    """Return the reply of ours that a mail from the Sent folder is the copy of."""
    if not parsed.message_id:
        return None
    sent = Message.objects.filter(is_or_was_in(mail.mailbox), kind=OUT, rfc_id=f"<{parsed.message_id}>")
    return sent.order_by("pk").first()


def find_in_new_place(mail: IncomingMail, *, parsed: Parsed, conversation: Conversation | None) -> Message | None:
    """Return the same mail where its conversation was moved to: it was sent to the old mailbox and to the new one."""
    if conversation is None or conversation.mailbox_id == mail.mailbox_id or not parsed.message_id:
        return None
    same = Message.objects.filter(conversation=conversation.pk, kind=IN, rfc_id=f"<{parsed.message_id}>")
    return same.order_by("pk").first()


def _others(mail: IncomingMail) -> bool:
    """Tell whether there may be another row of these bytes: nearly never, so it is asked first and cheaply."""
    return has_row(mail) or find(IncomingMail, ("id",), digest=mail.digest, mailbox_id=mail.mailbox_id) is not None


def _before_renumbering(mail: IncomingMail, *, earlier: QuerySet[IncomingMail]) -> IncomingMail | None:
    """Pair a bare mail with itself as the same IMAP folder showed it under another UIDVALIDITY, one to one."""
    key = source_keys.read(mail.source_key)
    if key is None:
        return None
    numbering = f"{key.folder}:{key.uidvalidity}:"
    paired = IncomingMail.objects.filter(duplicate_of=OuterRef("pk"), source_key__startswith=numbering)
    before = earlier.filter(source_key__startswith=f"{key.folder}:").exclude(source_key__startswith=numbering)
    return before.exclude(Exists(paired)).first()
