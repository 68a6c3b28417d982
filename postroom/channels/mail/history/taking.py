"""Take one old mail into its mailbox, once."""

import hashlib

from postroom.channels.mail.history.letters import Letter
from postroom.channels.mail.intake import accept
from postroom.channels.mail.models import IncomingMail
from postroom.channels.mail.models.history import History
from postroom.channels.mail.parse import parse
from postroom.channels.mail.parsed import Parsed
from postroom.channels.mail.spellings import spellings
from postroom.core.accounts.models import Mailbox
from postroom.core.conversations.models import Message
from postroom.lib.text import one_line


def take_in(letter: Letter, *, history: History) -> bool:
    """Store and file it; False when the mailbox has it already. CannotStore when the disk or database refuses."""
    assert letter.raw is not None
    mailbox = history.mailbox
    head = parse(head_of(letter.raw))
    # Line ends are the archive's own.
    digest = hashlib.sha256(letter.raw.replace(b"\r\n", b"\n")).hexdigest()
    key = f"history:{mailbox.pk}:{digest}"
    if IncomingMail.objects.filter(source_key=key).exists() or _is_here(head, mailbox):
        return False
    accept(
        letter.raw,
        mailbox=mailbox,
        transport="history",
        source_key=key,
        server_date=letter.arrived,
        outgoing=letter.sent or _is_ours(head, mailbox),
        quiet=not history.awake,
        at_once=True,
    )
    return True


def head_of(raw: bytes) -> bytes:
    """Return the header alone, 64 kB of it at most: who wrote it, when and about what."""
    ends = [end for end in (raw.find(b"\n\n"), raw.find(b"\n\r\n")) if end >= 0]
    return raw[: min([*ends, 65536]) + 2]


def _is_here(head: Parsed, mailbox: Mailbox) -> bool:
    """Tell whether the mailbox has this mail by another way: some programs give one id to many, so more is compared."""
    if not head.message_id:
        return False
    known = Message.objects.filter(conversation__mailbox=mailbox, rfc_id=f"<{head.message_id}>")
    subject = one_line(head.subject, length=500)
    return any(
        email.lower() == head.from_.email.lower() and there == subject
        for email, there in known.values_list("from_email", "subject")
    )


def _is_ours(head: Parsed, mailbox: Mailbox) -> bool:
    return mailbox.address in spellings(head.from_.email)
