"""Mails as people send them, for the tests of the way in."""

from email.message import EmailMessage
from email.utils import format_datetime
from typing import Any

from postroom.channels.mail.intake import accept
from postroom.channels.mail.models import IncomingMail
from postroom.channels.mail.receive import file_next
from postroom.core.accounts.models import Mailbox
from postroom.core.conversations.models import Message
from postroom.lib import clock

ANN = "Ann Peeters <ann@customers.example>"
MALLORY = "Mallory <mallory@elsewhere.example>"


def letter(
    text: str = "Where is my bicycle?\n",
    *,
    sender: str = ANN,
    to: str = "support@velo.example",
    subject: str = "Order 118",
    message_id: str = "<1@customers.example>",
    files: tuple[tuple[str, bytes], ...] = (),
    **headers: str,
) -> bytes:
    """Return a mail; other headers by name, with _ for -."""
    mail = EmailMessage()
    mail["From"], mail["To"], mail["Subject"] = sender, to, subject
    mail["Date"] = format_datetime(clock.now())
    if message_id:
        mail["Message-ID"] = message_id
    for name, value in headers.items():
        mail[name.replace("_", "-")] = value
    mail.set_content(text)
    for name, data in files:
        mail.add_attachment(data, "application", "octet-stream", filename=name)
    return mail.as_bytes()


def take_in(raw: bytes, *, mailbox: Mailbox, **options: Any) -> IncomingMail:
    """Accept and file one mail, and return its row as it is then."""
    mail = accept(raw, mailbox=mailbox, transport="lmtp", **options)
    while file_next():
        pass
    mail.refresh_from_db()
    return mail


def filed(raw: bytes, *, mailbox: Mailbox, **options: Any) -> Message:
    """Accept and file one mail, and return its message."""
    mail = take_in(raw, mailbox=mailbox, **options)
    assert mail.message_id is not None
    return Message.objects.select_related("conversation").get(pk=mail.message_id)
