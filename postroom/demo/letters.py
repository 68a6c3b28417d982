"""Build a customer's mail as real RFC 5322 bytes, as their mail program would."""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime

from postroom.lib.addresses import domain


@dataclass(frozen=True)
class Enclosure:
    """A file that goes with a mail. `content_id` (no angle brackets) makes it a picture inside the HTML."""

    name: str
    content_type: str
    data: bytes
    content_id: str = ""


@dataclass(frozen=True)
class Letter:
    """What a mail says; `html` empty sends plain text alone. Ids carry their angle brackets."""

    from_name: str
    from_email: str
    to: Sequence[tuple[str, str]]
    subject: str
    text: str
    moment: datetime
    html: str = ""
    cc: Sequence[tuple[str, str]] = ()
    enclosures: Sequence[Enclosure] = ()
    message_id: str = ""
    in_reply_to: str = ""
    references: Sequence[str] = ()
    headers: Sequence[tuple[str, str]] = ()


def build(letter: Letter) -> bytes:
    """Return the mail's bytes; the same letter always makes the same bytes."""
    mail = EmailMessage(policy=SMTP)
    mail["From"] = _address(letter.from_name, letter.from_email)
    mail["To"] = [_address(name, email) for name, email in letter.to]
    if letter.cc:
        mail["Cc"] = [_address(name, email) for name, email in letter.cc]
    mail["Subject"] = letter.subject
    mail["Date"] = format_datetime(letter.moment)
    mail["Message-ID"] = letter.message_id or make_id(letter)
    if letter.in_reply_to:
        mail["In-Reply-To"] = letter.in_reply_to
        mail["References"] = " ".join(dict.fromkeys([*letter.references, letter.in_reply_to]))
    for name, value in letter.headers:
        mail[name] = value
    _write_body(mail, letter)
    _fix_boundaries(mail)
    return mail.as_bytes()


def make_id(letter: Letter) -> str:
    """Return a Message-ID at the sender's own domain."""
    said = f"{letter.from_email}\n{letter.moment.isoformat()}\n{letter.subject}\n{letter.text}"
    return f"<{hashlib.sha256(said.encode()).hexdigest()[:24]}@{domain(letter.from_email)}>"


def _write_body(mail: EmailMessage, letter: Letter) -> None:
    pictures = [enclosure for enclosure in letter.enclosures if enclosure.content_id and letter.html]
    files = [enclosure for enclosure in letter.enclosures if enclosure not in pictures]
    mail.set_content(letter.text.rstrip() + "\n", cte="quoted-printable")
    if letter.html:
        mail.add_alternative(letter.html, subtype="html", cte="quoted-printable")
        page = list(mail.iter_parts())[-1]
        for picture in pictures:
            kind, _slash, subtype = picture.content_type.partition("/")
            cid = f"<{picture.content_id}>"
            page.add_related(picture.data, kind, subtype, cid=cid, filename=picture.name, disposition="inline")
    for file in files:
        kind, _slash, subtype = file.content_type.partition("/")
        mail.add_attachment(file.data, kind, subtype, filename=file.name)


def _fix_boundaries(mail: EmailMessage) -> None:
    """Name the boundaries: those of the standard library are made by chance."""
    base = hashlib.sha256(str(mail["Message-ID"]).encode()).hexdigest()[:20]
    for place, part in enumerate(mail.walk()):
        if part.is_multipart():
            part.set_boundary(f"=_{place}_{base}")


def _address(name: str, email: str) -> Address:
    user, _at, host = email.rpartition("@")
    return Address(display_name=name, username=user, domain=host)
