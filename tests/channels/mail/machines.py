"""Mails as mail systems and other programs send them, about replies that have left."""

from collections.abc import Callable, Sequence
from datetime import timedelta

from postroom.channels.mail.build import build
from postroom.core.accounts.models import User
from postroom.core.conversations.actions.reply import reply
from postroom.core.conversations.models import Conversation, Message
from postroom.core.outbox.deliver import deliver_next
from postroom.core.outbox.outcomes import Handed, NotSent
from postroom.lib import clock

DAEMON = "Mail Delivery System <MAILER-DAEMON@mx.customers.example>"


class Postman:
    """A way out that takes everything, or ends as it is told."""

    def __init__(self, end: NotSent | None = None) -> None:
        self.end = end

    def send(self, message: Message, *, to: Sequence[str], before_data: Callable[[], None]) -> Handed:
        before_data()
        if self.end:
            raise self.end
        return Handed("250 2.0.0 taken")

    def left(self, message: Message) -> None:
        pass


def sent(
    conversation: Conversation,
    *,
    by: User,
    to: Sequence[str] = ("ann@customers.example",),
    cc: Sequence[str] = (),
    end: NotSent | None = None,
) -> Message:
    """Write a reply and let it leave at once."""
    message = reply(conversation, by=by, html="<p>It left on Monday.</p>", to=to, cc=cc, send_after=clock.now())
    with clock.at(clock.now() + timedelta(seconds=1)):
        assert deliver_next(Postman(end))
    return Message.objects.select_related("conversation__mailbox").get(pk=message.pk)


def group(email: str, *, action: str = "failed", status: str = "5.1.1", said: str = "", original: str = "") -> str:
    """Return the fields of one recipient (RFC 3464 2.3)."""
    fields = [f"Original-Recipient: rfc822; {original}"] if original else []
    fields += [f"Final-Recipient: rfc822; {email}", f"Action: {action}", f"Status: {status}"]
    if said:
        fields.append(f"Diagnostic-Code: smtp; {said}")
    return "\r\n".join(fields)


def report(*groups: str, about: Message | None = None, returned: bytes | None = None, number: int = 1) -> bytes:
    """Return a delivery report to the mailbox; `returned` is what it carries of the original, else its headers."""
    if returned is None and about is not None:
        returned = build(about).partition(b"\r\n\r\n")[0] + b"\r\n"
    fields = "\r\n\r\n".join(("Reporting-MTA: dns; mx.customers.example", *groups))
    text = (
        f"From: {DAEMON}\r\nTo: support@velo.example\r\nSubject: Undelivered Mail Returned to Sender\r\n"
        f"Return-Path: <>\r\nMessage-ID: <report{number}@mx.customers.example>\r\n"
        "Auto-Submitted: auto-replied\r\nMIME-Version: 1.0\r\n"
        'Content-Type: multipart/report; report-type=delivery-status; boundary="b"\r\n\r\n'
        "--b\r\nContent-Type: text/plain\r\n\r\nThis is the mail system. It could not be delivered.\r\n"
        f"--b\r\nContent-Type: message/delivery-status\r\n\r\n{fields}\r\n"
    )
    carried = b"--b\r\nContent-Type: text/rfc822-headers\r\n\r\n" + returned + b"\r\n" if returned else b""
    return text.encode() + carried + b"--b--\r\n"


def told(text: str, *, sender: str = DAEMON, subject: str = "Mail delivery failed", number: int = 1) -> bytes:
    """Return a failure told in prose, as Exim and qmail do."""
    head = f"From: {sender}\r\nTo: support@velo.example\r\nSubject: {subject}\r\nReturn-Path: <>\r\n"
    return f"{head}Message-ID: <told{number}@mx.customers.example>\r\n\r\n{text}".replace("\r\n", "\n").encode()


def receipt(about: Message, *, disposition: str = "displayed", sender: str = "Ann <ann@customers.example>") -> bytes:
    """Return a read receipt (RFC 8098)."""
    return (
        f"From: {sender}\r\nTo: support@velo.example\r\nSubject: Read: Order 118\r\n"
        "Message-ID: <read@customers.example>\r\nMIME-Version: 1.0\r\n"
        'Content-Type: multipart/report; report-type=disposition-notification; boundary="b"\r\n\r\n'
        "--b\r\nContent-Type: text/plain\r\n\r\nYour message was read.\r\n"
        "--b\r\nContent-Type: message/disposition-notification\r\n\r\n"
        f"Final-Recipient: rfc822; ann@customers.example\r\nOriginal-Message-ID: {about.rfc_id}\r\n"
        f"Disposition: manual-action/MDN-sent-manually; {disposition}\r\n--b--\r\n"
    ).encode()
