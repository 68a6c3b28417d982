"""Write a reply as the mail that leaves: from a row to bytes."""

import re
from datetime import datetime, timedelta
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime
from html import escape

from django.conf import settings
from django.utils import translation
from django.utils.translation import gettext as _

from postroom.channels.mail.marks import LOOP_HEADER, loop_mark, reply_address
from postroom.channels.mail.passing_on import passed_on
from postroom.channels.mail.quoting import quote_for
from postroom.channels.mail.subjects import base_subject
from postroom.channels.mail.wire import address_header, id_header, text_header, wire_address
from postroom.core.accounts.actions.signature import signature_of
from postroom.core.accounts.models import Mailbox
from postroom.core.conversations.models import Attachment, Message
from postroom.core.storage import blobs
from postroom.lib import clock, message_ids, thread_index
from postroom.lib.addresses import domain
from postroom.lib.html import text_to_html
from postroom.lib.text import one_line

# Seven-bit bodies pass every server; CRLF as SMTP wants it.
_POLICY = SMTP.clone(cte_type="7bit")
_TYPE = re.compile(r"([a-z0-9][a-z0-9.+-]{0,60})/([a-z0-9][a-z0-9.+-]{0,60})")
_CONTENT_ID = re.compile(r"[!-;=?-~]{1,250}")
# The first id of a thread and the last ones are those that mail clients look at.
_REFERENCES = 20
_SOON = timedelta(hours=1)


def build(message: Message) -> bytes:
    """Return the mail (RFC 5322, CRLF, seven-bit, lines of at most 998 bytes); BlobMissing when a file is gone."""
    language = message.author.language if message.author else "en"
    with translation.override(language):
        return _headers(message).encode() + _body(message).as_bytes()


def recipients(message: Message) -> list[str]:
    """Return everybody the mail goes to, hidden copies too, each once, as the envelope needs them."""
    people = [*message.to, *message.cc, *message.bcc]
    return list(dict.fromkeys(wire_address(person["email"]) for person in people))


def subject_line(message: Message) -> str:
    """Return the subject that leaves: with one `Re:` when it answers something."""
    if not message.in_reply_to:
        return message.subject
    return f"Re: {base_subject(message.subject)}".strip()


def _headers(message: Message) -> str:
    mailbox = message.conversation.mailbox
    # Some relays put a Message-ID of their own in place of ours; what References name comes back.
    references = message.references.split() or [_root(message, mailbox)]
    if len(references) > _REFERENCES:
        references = [references[0], *references[1 - _REFERENCES :]]
    return "".join(
        (
            address_header("From", [(_from_name(message, mailbox), mailbox.address)]),
            _reply_to(message, mailbox),
            address_header("To", _pairs(message.to)),
            address_header("Cc", _pairs(message.cc)),
            text_header("Subject", subject_line(message)),
            text_header("Date", format_datetime(_date(message))),
            id_header("Message-ID", [message.rfc_id]),
            id_header("In-Reply-To", message.in_reply_to.split()[:1]),
            id_header("References", references),
            *_outlook(message),
            text_header(LOOP_HEADER, loop_mark(mailbox, rfc_id=message.rfc_id)),
        )
    )


def _date(message: Message) -> datetime:
    """Return when it was written; of what left much later, when it left: an old-looking mail is sorted away unread."""
    leaves = message.sent_at or clock.now()
    return message.created_at if leaves - message.created_at < _SOON else leaves


def _root(message: Message, mailbox: Mailbox) -> str:
    key = settings.POSTROOM_KEY
    return message_ids.root(
        message.conversation_id, side=message.side_thread_id, domain=domain(mailbox.address), key=key
    )


def _reply_to(message: Message, mailbox: Mailbox) -> str:
    if not mailbox.plus_address:
        return ""
    address = reply_address(mailbox, conversation_id=message.conversation_id, side=message.side_thread_id)
    return address_header("Reply-To", [(_from_name(message, mailbox), address)])


def _outlook(message: Message) -> tuple[str, ...]:
    """Outlook and Exchange group by these two, whatever the References say."""
    if not message.thread_index:
        return ()
    index = thread_index.answer(message.thread_index, at=message.created_at)
    return (text_header("Thread-Topic", base_subject(message.subject)), text_header("Thread-Index", index))


def _from_name(message: Message, mailbox: Mailbox) -> str:
    author, team = message.author.name if message.author else "", mailbox.from_name
    if author and team:
        return _("%(author)s at %(team)s") % {"author": author, "team": team}
    return author or team or mailbox.name


def _pairs(people: list[dict[str, str]]) -> list[tuple[str, str]]:
    return [(person.get("name", ""), person["email"]) for person in people]


def _body(message: Message) -> EmailMessage:
    files = list(message.attachments.order_by("pk"))
    html = message.untrusted_html or text_to_html(message.text)
    text, html = _with_tail(message, text=message.text, html=html)
    embedded = [file for file in files if f"cid:{file.content_id}" in html and _CONTENT_ID.fullmatch(file.content_id)]
    body = EmailMessage(policy=_POLICY)
    body.set_content(text or "\n")
    body.add_alternative(f"<!DOCTYPE html>\n<html><body>\n{html}\n</body></html>\n", subtype="html")
    alternative = body.get_body(("html",))
    assert isinstance(alternative, EmailMessage)
    for file in embedded:
        maintype, subtype = _type(file)
        alternative.add_related(
            blobs().get(file.digest),
            maintype,
            subtype,
            cid=f"<{file.content_id}>",
            disposition="inline",
            filename=_name(file),
        )
    for file in files:
        if file not in embedded:
            maintype, subtype = _type(file)
            body.add_attachment(blobs().get(file.digest), maintype, subtype, filename=_name(file))
    return body


def _with_tail(message: Message, *, text: str, html: str) -> tuple[str, str]:
    """Add the writer's signature, or the mailbox's, and what is answered below both bodies."""
    signature = _signature(message)
    if signature:
        # RFC 3676 4.3: "-- " alone on a line is how clients know a signature.
        text = f"{text.rstrip()}\n\n-- \n{signature}\n"
        lines = "<br>\n".join(escape(line) for line in signature.splitlines())
        html = f"{html}\n<div>-- <br>\n{lines}</div>"
    quote = passed_on(message) or quote_for(message)
    if quote:
        text = f"{text.rstrip()}\n\n{quote.text}\n"
        html = f"{html}\n<br>\n{quote.html}"
    return text, html


def _signature(message: Message) -> str:
    mailbox = message.conversation.mailbox
    own = signature_of(message.author, mailbox_id=mailbox.pk) if message.author else None
    return (own or mailbox.signature).strip()


def _type(file: Attachment) -> tuple[str, str]:
    found = _TYPE.fullmatch(file.content_type.lower())
    # RFC 2046 5.2.1 forbids to encode messages and multiparts; as plain files they arrive whole.
    if not found or found[1] in ("multipart", "message"):
        return "application", "octet-stream"
    return found[1], found[2]


def _name(file: Attachment) -> str:
    return one_line(file.name, length=255) or "file"
