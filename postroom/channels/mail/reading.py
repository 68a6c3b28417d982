"""From raw bytes to what the core files: parsed and judged, or, when that fails, the raw mail as a file."""

from dataclasses import dataclass
from typing import Any

from postroom.channels.mail import reasons
from postroom.channels.mail.judging import judge
from postroom.channels.mail.models import IncomingMail
from postroom.channels.mail.parse import parse
from postroom.channels.mail.parsed import NOBODY, Address, Parsed, ParsedAttachment
from postroom.channels.mail.protection.opening import Opened, open_mail
from postroom.channels.mail.quotes import split_reply
from postroom.channels.mail.sender_proof import spoken_against
from postroom.channels.mail.triage import Triage
from postroom.core.conversations.actions.receive import File, IncomingMessage, Person
from postroom.core.storage import blobs
from postroom.lib.blobs import BlobMissing
from postroom.lib.killpoint import killpoint
from postroom.lib.marked import marked

# As many tries a mail gets to be understood; then it is filed as it is. A mail that was only there when the machine
# went down, three times, is not yet one that nobody should read.
TRIES = 5

NOT_UNDERSTOOD = marked("This mail could not be read. It is attached as it came.")
BYTES_GONE = marked("The stored original of this mail is missing or damaged on this machine's disk.")


@dataclass(frozen=True)
class Reading:
    """What a mail says, what kind it is, and what the core is to file.

    `unreadable` is a code of reasons.py for a mail that is not read (any more), else "".
    """

    parsed: Parsed
    triage: Triage
    message: IncomingMessage
    unreadable: str = ""


def read(mail: IncomingMail, *, raw: bytes | None = None) -> Reading:
    """Return what the mail says, its files stored; OSError when the disk refuses those. `raw` spares reading it.

    A mail whose reading has killed the worker is no longer read: it becomes a message with the raw mail attached.
    """
    try:
        raw = blobs().get(mail.digest) if raw is None else raw
    except BlobMissing:
        return _unread(mail, BYTES_GONE, reason=reasons.BYTES_GONE, files=())
    if mail.attempts > TRIES:
        return _unread(mail, NOT_UNDERSTOOD, reason=reasons.KILLED_READER, files=(_raw_file(mail),))
    killpoint("while_reading")
    return _read(mail, open_mail(raw, parse(raw), mailbox=mail.mailbox))


def _read(mail: IncomingMail, opened: Opened) -> Reading:
    parsed = opened.parsed
    sender = _sender(mail, parsed)
    answer_to = next((address for address in parsed.reply_to if address.email), None)
    files = tuple(_stored(file) for file in parsed.attachments)
    if not (parsed.text.strip() or parsed.html.strip() or files or parsed.subject):
        # Nothing to show: then at least what came can be looked at.
        files = (_raw_file(mail),)
    triage = judge(parsed, mailbox=mail.mailbox)
    message = IncomingMessage(
        sender=_person(sender),
        subject=parsed.subject,
        text=parsed.text,
        shown=split_reply(parsed.text, subject=parsed.subject).shown,
        untrusted_html=parsed.html,
        to=tuple(map(_person, parsed.to)),
        cc=tuple(map(_person, parsed.cc)),
        reply_to=_person(answer_to) if answer_to and answer_to.email != sender.email else None,
        rfc_id=_bracketed(parsed.message_id or ""),
        in_reply_to=" ".join(map(_bracketed, parsed.in_reply_to)),
        references=" ".join(map(_bracketed, parsed.references)),
        raw_digest=mail.digest,
        automatic="" if mail.outgoing else triage.automatic,
        automatic_by="" if mail.outgoing else triage.reason,
        problems=tuple(filter(None, (mail.problem, *parsed.problems))),
        files=files,
        sent_at=parsed.date,
        protection=_protection(opened, mail),
    )
    return Reading(parsed, triage, message)


def _protection(opened: Opened, mail: IncomingMail) -> dict[str, Any]:
    """Return what its signature and encryption came to, and what our own server holds against its sender."""
    against = {} if mail.outgoing else spoken_against(opened.parsed.headers)
    return opened.verdict.as_json() | ({"sender": against} if against else {})


def _unread(mail: IncomingMail, problem: str, *, reason: str, files: tuple[File, ...]) -> Reading:
    sender = Address(name="", email=mail.envelope_from)
    message = IncomingMessage(
        sender=_person(sender),
        subject="",
        text=problem,
        raw_digest=mail.digest,
        problems=tuple(filter(None, (mail.problem, problem))),
        files=files,
    )
    return Reading(_nothing(sender), Triage(kind="person"), message, unreadable=reason)


def _nothing(sender: Address) -> Parsed:
    return Parsed(
        message_id=None,
        in_reply_to=(),
        references=(),
        subject="",
        date=None,
        from_=sender,
        sender=NOBODY,
        return_path=None,
        reply_to=(),
        to=(),
        cc=(),
        text="",
        html="",
        attachments=(),
        headers=(),
        content_type="",
        auto_submitted="",
        precedence="",
    )


def _sender(mail: IncomingMail, parsed: Parsed) -> Address:
    envelope = Address(name=parsed.from_.name, email=mail.envelope_from or parsed.return_path or "")
    return next((one for one in (parsed.from_, parsed.sender, envelope) if one.email), parsed.from_)


def _stored(file: ParsedAttachment) -> File:
    return File(
        name=file.name,
        content_type=file.content_type,
        size=file.size,
        digest=blobs().put(file.data),
        content_id=file.content_id or "",
        inline=file.inline,
    )


def _raw_file(mail: IncomingMail) -> File:
    return File(name="mail.eml", content_type="message/rfc822", size=mail.size, digest=mail.digest)


def _person(address: Address) -> Person:
    return Person(name=address.name, email=address.email)


def _bracketed(rfc_id: str) -> str:
    return f"<{rfc_id}>" if rfc_id else ""
